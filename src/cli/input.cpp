#include "input.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "failure.hpp"
#include "hardening.hpp"

namespace latchkey::cli {

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool is_standard(const std::string& path) { return path.empty() || path == "-"; }

std::string quoted(const std::string& path) {
  if (is_standard(path)) return "standard input";
  return "'" + in_one_line(path) + "'";
}

Input::Input(const std::string& path) : name_(quoted(path)) {
  if (is_standard(path)) {
    static bool is_used = false;
    if (std::exchange(is_used, true))
      throw Failure("standard input is given for two inputs, and can be read only once");
  } else {
    file_ = File(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    descriptor_ = file_.descriptor();
    if (descriptor_ < 0) throw Failure("cannot open " + name_ + ": " + std::strerror(errno));
  }
  struct stat status;
  if (::fstat(descriptor_, &status) != 0) {
    throw Failure("cannot read " + name_ + ": " + std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) throw Failure("cannot read " + name_ + ": " + std::strerror(EISDIR));
  if (S_ISREG(status.st_mode)) {
    const auto at = ::lseek(descriptor_, 0, SEEK_CUR);
    size_ = static_cast<std::uint64_t>(std::max<off_t>(status.st_size - std::max<off_t>(at, 0), 0));
  }
  exposure_ = exposure_of(status);
}

std::size_t Input::read(std::span<std::uint8_t> to) {
  while (!at_end_) {
    const ssize_t size = ::read(descriptor_, to.data(), to.size());
    at_end_ = size == 0;
    if (size >= 0) return static_cast<std::size_t>(size);
    if (errno != EINTR) throw Failure("cannot read " + name_ + ": " + std::strerror(errno));
  }
  return 0;
}

std::size_t Input::fill(std::span<std::uint8_t> to) {
  std::size_t size = 0;
  while (size < to.size()) {
    const std::size_t more = read(to.subspan(size));
    if (more == 0) break;
    size += more;
  }
  return size;
}

namespace {

[[noreturn]] void fail_by_size(const Input& input, std::size_t most) {
  throw Failure(input.name() + " is too long: more than " + std::to_string(most) + " bytes");
}

}  // namespace

std::vector<std::uint8_t> read_whole(const std::string& path, std::size_t most) {
  Input input(path);
  std::vector<std::uint8_t> bytes;
  for (std::size_t room = 4'096;; room *= 2) {
    const std::size_t before = bytes.size();
    bytes.resize(before + room);
    const std::size_t size = input.fill(std::span(bytes).subspan(before));
    bytes.resize(before + size);
    if (bytes.size() > most) fail_by_size(input, most);
    if (size < room) return bytes;
  }
}

LockedBuffer read_locked(Input& input, std::size_t most, LockedBuffer begun) {
  static constexpr const char* kNoMemory = "cannot keep a secret";
  constexpr std::size_t kLeast = 2'048;
  const std::size_t known = std::max<std::size_t>(input.size().value_or(0), begun.size());
  std::size_t room = std::clamp(known, kLeast, most - 1) + 1;
  while (true) {
    auto buffer = value_of(LockedBuffer::create(room), kNoMemory);
    const auto size = value_of(buffer.write([&](std::span<std::uint8_t> to) -> Result<std::size_t> {
      const std::size_t before = begun.size();
      if (before > 0) {
        const auto copied = begun.read(
            [&](std::span<const std::uint8_t> from) { std::ranges::copy(from, to.begin()); });
        if (!copied) return copied.error();
      }
      return before + input.fill(to.subspan(before));
    }),
                               "cannot read");
    begun = {};
    if (size < room || room == most) {
      return value_of(buffer.read([&](std::span<const std::uint8_t> all) {
        return LockedBuffer::copy_of(all.first(size));
      }),
                      kNoMemory);
    }
    begun = std::move(buffer);
    room = std::min(2 * room, most);
  }
}

SecretFile read_secret(const std::string& path, std::size_t most) {
  require_hardened();
  Input input(path);
  auto bytes = read_locked(input, most + 1);
  if (bytes.size() > most) fail_by_size(input, most);
  return {path, std::move(bytes), input.exposure()};
}

std::string for_shell(const std::string& path) {
  // A name that cannot be shown as it is would be another one.
  if (is_standard(path) || in_one_line(path) != path) return "its name";
  std::string words = path.starts_with('-') ? "./" : "";  // or it would be an option
  // In a shell, a quote ends the quotes.
  for (const char c : path) words += c == '\'' ? "'\\''" : std::string(1, c);
  return "'" + words + "'";
}

void SecretFile::require_private() const { cli::require_private(path, exposure); }

}  // namespace latchkey::cli
