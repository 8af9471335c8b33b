// What a command writes: standard output, or a file that is there when it is whole, and not before.
#pragma once

#include <sys/stat.h>

#include <optional>

#include "input.hpp"
#include "new_file.hpp"

namespace latchkey::cli {

class Output {
 public:
  // Plain content may be read by everybody. Opened content and secrets are for nobody else; opened
  // content may be shown on a terminal.
  enum class Content : std::uint8_t { plain, opened, secret };
  // Yes: replace an existing file, write a secret to a terminal, write to a block device.
  enum class Force : bool { no, yes };

  // Standard output for "" and "-". A new file has mode 0600 unless its content is plain; warns
  // if others can read it nevertheless. Devices and pipes are written in place if nobody else
  // can read them (special_file.hpp). A symbolic link to a file is not followed. Throws a Failure.
  Output(const std::string& path, Content content, Force force);
  // A new file that was not committed is gone.
  ~Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] bool is_terminal() const noexcept { return ::isatty(descriptor()) == 1; }

  // Throws a Failure if this writes in place to the regular file that is read: a stream would read
  // what it wrote, and never end.
  void require_other_file(const Input& input) const;

  // Throws a Failure.
  void write(std::span<const std::uint8_t> bytes);
  void write(const std::string& text);
  // Gives a new file the owner and the mode of the one that it replaces. Throws a Failure.
  void take_owner_and_mode(const struct stat& of);
  // Writes a new file to the disk and gives it its name. Throws a Failure.
  void commit();
  // Removes a committed file, unless it replaced another.
  void withdraw() noexcept;

  // Whether both write to one file or pipe, even under different names.
  [[nodiscard]] bool is_same_file(const Output& other) const;

 private:
  [[nodiscard]] int descriptor() const noexcept;
  void open(const std::string& path);
  void create(const std::string& path);
  void check_descriptor() const;
  void warn_if_exposed(const char* reason) const;

  std::string name_;  // for messages
  Content content_;
  Force force_;
  File file_;  // what is written in place; standard output if there is neither
  std::optional<NewFile> new_file_;
};

}  // namespace latchkey::cli
