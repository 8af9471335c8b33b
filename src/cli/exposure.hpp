// How far users other than this one and root can access a file with a secret.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>

namespace latchkey::cli {

enum class Exposure : std::uint8_t {
  none,         // others have no access, or it is not a regular file
  readable,     // others may read it, and only this user or root may change it
  unprotected,  // others may change it, or others may read it and another user owns it
};

Exposure exposure_of(const struct stat& status) noexcept;

// For the rest of this run, a secret that others may read is used with a warning.
void allow_readable_secrets() noexcept;

// Throws a Failure with a remedy if the file is exposed; only warns if it is `readable` and the
// command line allows that.
void require_private(const std::string& path, Exposure exposure);

}  // namespace latchkey::cli
