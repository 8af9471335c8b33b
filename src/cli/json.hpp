// An object in JSON (RFC 8259), on one line, for programs that read what a command prints.
#pragma once

#include <string>

namespace latchkey::cli {

class JsonObject {
 public:
  void add(const std::string& name, const std::string& value);
  void add(const std::string& name, bool value) { add_raw(name, value ? "true" : "false"); }
  void add_raw(const std::string& name, const std::string& json);

  [[nodiscard]] std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace latchkey::cli
