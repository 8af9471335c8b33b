#include "json.hpp"

#include "text/text.hpp"

namespace latchkey::cli {

void JsonObject::add(const std::string& name, const std::string& value) {
  add_raw(name, text::json_string(value));
}

void JsonObject::add(const std::string& name, const std::vector<std::string>& values) {
  std::string list;
  for (const auto& value : values) list += (list.empty() ? "" : ", ") + text::json_string(value);
  add_raw(name, "[" + list + "]");
}

void JsonObject::add_raw(const std::string& name, const std::string& json) {
  if (!members_.empty()) members_ += ", ";
  members_ += text::json_string(name) + ": " + json;
}

}  // namespace latchkey::cli
