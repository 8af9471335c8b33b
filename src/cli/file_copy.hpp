// Gives a file what another one has: content, owner, mode.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

namespace latchkey::cli {

enum class Secrecy : bool { plain, secret };

// The first `size` bytes of `from` are written to `to`, where it stands. By the kernel, where it
// can: then the content is not in this process. Elsewhere through a buffer, which is locked and
// wiped if the content is secret. False, with errno, if it cannot be done. Throws a Failure if the
// buffer cannot be locked.
[[nodiscard]] bool copy_content(int from, int to, off_t size, Secrecy secrecy);

// Changes only what differs, since a file system may have neither. False, with errno, if it cannot.
[[nodiscard]] bool take_owner_and_mode(int file, const struct stat& of) noexcept;

}  // namespace latchkey::cli
