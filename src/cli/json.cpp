#include "json.hpp"

#include <cstdio>

namespace latchkey::cli {
namespace {

// Bytes that are no ASCII stand for themselves: names of files are what they are.
std::string quoted_json(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

void JsonObject::add(const std::string& name, const std::string& value) {
  add_raw(name, quoted_json(value));
}

void JsonObject::add_raw(const std::string& name, const std::string& json) {
  if (!members_.empty()) members_ += ", ";
  members_ += quoted_json(name) + ": " + json;
}

}  // namespace latchkey::cli
