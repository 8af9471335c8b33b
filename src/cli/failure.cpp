// Failures of commands.
#include "failure.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace latchkey::cli {

void fail(const std::string& what, Error why) {
  if (why == Error::memory_not_locked) {  // whatever it was needed for is not the cause
    throw Failure(std::string(describe(why)) +
                  "; set LATCHKEY_MEMORY=unlocked to allow memory that is not locked");
  }
  if (why == Error::wrong_password) throw WrongPassword(what + ": " + describe(why));
  throw Failure(what + ": " + describe(why));
}

void fail_by_errno(const std::string& what) { throw Failure(what + ": " + std::strerror(errno)); }

void warn(const std::string& what) {
  std::fprintf(stderr, "latchkey: warning: %s\n", what.c_str());
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  const std::string reason = errno != 0 ? std::strerror(errno) : "write error";
  throw Failure("cannot write to standard output: " + reason);
}

}  // namespace latchkey::cli
