// What a command writes: standard output, or a file that is there when it is whole, and not before.
#pragma once

#include <sys/stat.h>

#include "input.hpp"

namespace latchkey::cli {

class Output {
 public:
  // What was opened is for nobody else, but may be looked at.
  enum class Content : std::uint8_t { plain, opened, secret };
  // What may stand in the way: a file of that name, or a terminal for a secret.
  enum class Force : bool { no, yes };

  // Standard output for "" and "-". A new file has mode 0600 unless it is plain. Devices and pipes
  // are written as they are, but for another user's pipe; a symbolic link to a file is not
  // followed. Throws a Failure.
  Output(const std::string& path, Content content, Force force);
  // What was not committed, is gone.
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] bool is_terminal() const noexcept { return ::isatty(descriptor_) == 1; }

  // Throws a Failure.
  void write(std::span<const std::uint8_t> bytes);
  void write(const std::string& text);
  // A new file gets the owner and the mode of the one that it replaces. Throws a Failure.
  void take_owner_and_mode(const struct stat& of);
  // To the disk, and then to its name. Throws a Failure.
  void commit();
  // Takes a committed file away again, unless it replaced one.
  void withdraw() noexcept;

  // Whether both end in one file, by whatever names.
  [[nodiscard]] bool is_same_file(const Output& other) const;

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
  bool is_new_ = false;
};

}  // namespace latchkey::cli
