#include "exposure.hpp"

#include <unistd.h>

#include "failure.hpp"
#include "input.hpp"

namespace latchkey::cli {
namespace {

bool readable_is_allowed = false;  // by the command line, before the command begins

}  // namespace

Exposure exposure_of(const struct stat& status) noexcept {
  if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IRWXG | S_IRWXO)) == 0) {
    return Exposure::none;
  }
  const bool is_trusted = status.st_uid == ::geteuid() || status.st_uid == 0;
  const bool is_writable = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  return is_trusted && !is_writable ? Exposure::readable : Exposure::unprotected;
}

void allow_readable_secrets() noexcept { readable_is_allowed = true; }

void require_private(const std::string& path, Exposure exposure) {
  if (exposure == Exposure::none) return;
  const std::string remedy = "to fix this: chmod 600 " + for_shell(path);
  if (exposure == Exposure::unprotected) {
    throw Failure(
        quoted(path) +
        " is a secret that others may change, or that others may read and another user owns; " +
        remedy);
  }
  const std::string what = quoted(path) + " is a secret that others may read";
  if (!readable_is_allowed) {
    throw Failure(what + "; --allow-readable-secrets permits that; " + remedy);
  }
  warn(what);
}

}  // namespace latchkey::cli
