// Failures of commands.
#include "failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "utf8.hpp"

namespace latchkey::cli {

void fail(const std::string& what, Error why) {
  const char* const way_out =
      why == Error::memory_not_locked ? "; LATCHKEY_MEMORY=unlocked does without" : "";
  throw Failure(what + ": " + describe(why) + way_out);
}

std::string in_one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const auto [code, size] = first_character(text);
    line += size > 0 && is_harmless(code) ? text.substr(0, size) : "?";
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return line;
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  const std::string reason = errno != 0 ? std::strerror(errno) : "write error";
  throw Failure("cannot write to standard output: " + reason);
}

}  // namespace latchkey::cli
