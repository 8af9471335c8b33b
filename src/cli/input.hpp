// What a command reads: standard input, or a file.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "exposure.hpp"
#include "latchkey/secret_memory.hpp"

namespace latchkey::cli {

// Closes itself.
class File {
 public:
  explicit File(int descriptor = -1) noexcept : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File();

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

// Whether it stands for standard input or output.
bool is_standard(const std::string& path);

// For a message: the name in quotes, or what stands for it.
std::string quoted(const std::string& path);

// For a command in a message: the name as one word of a shell, or "its name" if it has characters
// that are not shown.
std::string for_shell(const std::string& path);

class Input {
 public:
  // Standard input for "" and "-". Throws a Failure.
  explicit Input(const std::string& path);

  // For messages.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] bool is_terminal() const noexcept { return ::isatty(descriptor_) == 1; }
  // In bytes, where that is known beforehand.
  [[nodiscard]] std::optional<std::uint64_t> size() const noexcept { return size_; }
  [[nodiscard]] Exposure exposure() const noexcept { return exposure_; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  // 0 at the end, which a terminal says once. Throws a Failure.
  std::size_t read(std::span<std::uint8_t> to);
  // As much as there is, up to all of it.
  std::size_t fill(std::span<std::uint8_t> to);

 private:
  File file_;
  int descriptor_ = 0;
  std::string name_;
  std::optional<std::uint64_t> size_;
  Exposure exposure_ = Exposure::none;
  bool at_end_ = false;
};

// All of a file. Throws a Failure, if it has more than `most` bytes, too.
std::vector<std::uint8_t> read_whole(const std::string& path, std::size_t most);

// What follows `begun` in the input, behind it, but no more than `most` bytes in all. Locks twice
// what these need, or three times while a pipe is read: a process may not have much. Throws a
// Failure.
LockedBuffer read_locked(Input& input, std::size_t most, LockedBuffer begun = {});

// The same in locked memory.
struct SecretFile {
  std::string path;
  LockedBuffer bytes;
  Exposure exposure;

  // As the function of this name.
  void require_private() const;
};
SecretFile read_secret(const std::string& path, std::size_t most);

}  // namespace latchkey::cli
