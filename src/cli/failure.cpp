// Failures of commands.
#include "failure.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace latchkey::cli {

void fail(const std::string& what, Error why) {
  const char* const way_out =
      why == Error::memory_not_locked ? "; LATCHKEY_MEMORY=unlocked does without" : "";
  throw Failure(what + ": " + describe(why) + way_out);
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
