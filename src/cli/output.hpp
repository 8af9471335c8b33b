// What a command writes: standard output, or a file that is there when it is whole, and not before.
#pragma once

#include "input.hpp"

namespace latchkey::cli {

class Output {
 public:
  enum class Content : bool { plain, secret };
  // What may stand in the way: a file of that name, or a terminal for a secret.
  enum class Force : bool { no, yes };

  // Standard output for "" and "-". A new file has mode 0600 if it is secret. Devices and pipes are
  // written as they are; a symbolic link to a file is not followed. Throws a Failure.
  Output(const std::string& path, Content content, Force force);
  // What was not committed, is gone.
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] bool is_terminal() const noexcept { return ::isatty(descriptor_) == 1; }

  // Throws a Failure.
  void write(std::span<const std::uint8_t> bytes);
  void write(const std::string& text);
  // To the disk, and then to its name. Throws a Failure.
  void commit();

 private:
  void check_terminal() const;
  void open_device();
  void create_beside();
  void discard() noexcept;
  [[noreturn]] void fail_to(const char* what) const;

  std::string path_, name_, temporary_;
  Content content_;
  Force force_;
  File file_;
  int descriptor_ = 1;
};

}  // namespace latchkey::cli
