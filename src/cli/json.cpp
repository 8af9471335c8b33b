#include "json.hpp"

#include <algorithm>
#include <cstdio>

#include "utf8.hpp"

namespace latchkey::cli {
namespace {

// One that is escaped has 16 bits: those of Bidi_Control and all controls do.
std::string escape(char32_t code) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(code & 0xffff));
  return text;
}

}  // namespace

std::string quoted_json(std::string_view text) {
  constexpr char32_t kReplacement = 0xfffd;
  std::string out = "\"";
  while (!text.empty()) {
    const auto [code, size] = first_character(text);
    if (size == 0) {
      out += escape(kReplacement);
    } else if (code == '"' || code == '\\') {
      out += '\\';
      out += text.front();
    } else if (!is_harmless(code)) {
      out += escape(code);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out + "\"";
}

void JsonObject::add(const std::string& name, const std::string& value) {
  add_raw(name, quoted_json(value));
}

void JsonObject::add(const std::string& name, const std::vector<std::string>& values) {
  std::string list;
  for (const auto& value : values) list += (list.empty() ? "" : ", ") + quoted_json(value);
  add_raw(name, "[" + list + "]");
}

void JsonObject::add_raw(const std::string& name, const std::string& json) {
  if (!members_.empty()) members_ += ", ";
  members_ += quoted_json(name) + ": " + json;
}

}  // namespace latchkey::cli
