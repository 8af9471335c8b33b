#include "file_copy.hpp"

#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "bytes.hpp"
#include "failure.hpp"
#include "latchkey/secret_memory.hpp"

namespace latchkey::cli {
namespace {

// Whether a file system or a sandbox says so of a system call that it does not have.
bool is_unsupported(int error) {
  return error == EINVAL || error == ENOSYS || error == EPERM || error == EOPNOTSUPP;
}

// `at` is how far it came.
bool copy_by_kernel(int from, int to, off_t& at, off_t size) {
  while (at < size) {
    const ssize_t copied = ::sendfile(to, from, &at, static_cast<std::size_t>(size - at));
    if (copied > 0 || (copied < 0 && errno == EINTR)) continue;
    if (copied == 0) errno = EIO;  // the file is shorter
    return false;
  }
  return true;
}

bool write_whole(int to, View bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

bool copy_through(std::span<std::uint8_t> buffer, int from, int to, off_t at, off_t size) {
  while (at < size) {
    const auto left = std::min<off_t>(size - at, static_cast<off_t>(buffer.size()));
    const ssize_t got = ::pread(from, buffer.data(), static_cast<std::size_t>(left), at);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = EIO;
    if (got <= 0 || !write_whole(to, buffer.first(static_cast<std::size_t>(got)))) return false;
    at += got;
  }
  return true;
}

}  // namespace

bool copy_content(int from, int to, off_t size, Secrecy secrecy) {
  constexpr std::size_t kBuffer = 16 * 1024;
  off_t at = 0;
  if (copy_by_kernel(from, to, at, size)) return true;
  if (!is_unsupported(errno)) return false;
  if (secrecy == Secrecy::plain) {
    std::vector<std::uint8_t> buffer(kBuffer);
    return copy_through(buffer, from, to, at, size);
  }
  auto buffer = value_of(LockedBuffer::create(kBuffer), "cannot keep a secret");
  int why = 0;
  const auto done = buffer.write([&](std::span<std::uint8_t> bytes) {
    if (!copy_through(bytes, from, to, at, size)) why = errno;
  });
  value_of(done, "cannot keep a secret");
  errno = why;
  return why == 0;
}

bool take_owner_and_mode(int file, const struct stat& of) noexcept {
  struct stat own;
  return ::fstat(file, &own) == 0 &&
         ((own.st_uid == of.st_uid && own.st_gid == of.st_gid) ||
          ::fchown(file, of.st_uid, of.st_gid) == 0) &&
         (((own.st_mode ^ of.st_mode) & 07777) == 0 || ::fchmod(file, of.st_mode & 07777) == 0);
}

}  // namespace latchkey::cli
