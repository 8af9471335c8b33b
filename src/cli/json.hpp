// An object in JSON (RFC 8259), on one line, for programs that read what a command prints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace latchkey::cli {

class JsonObject {
 public:
  void add(const std::string& name, const std::string& value);
  void add(const std::string& name, const char* value) { add(name, std::string(value)); }
  void add(const std::string& name, bool value) { add_raw(name, value ? "true" : "false"); }
  void add(const std::string& name, std::uint64_t value) { add_raw(name, std::to_string(value)); }
  void add(const std::string& name, const std::vector<std::string>& values);
  void add_null(const std::string& name) { add_raw(name, "null"); }
  void add_raw(const std::string& name, const std::string& json);

  [[nodiscard]] std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace latchkey::cli
