// Failures of commands.
#include "failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace latchkey::cli {

void fail(const std::string& what, Error why) { throw Failure(what + ": " + describe(why)); }

std::string in_one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return text;
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  const std::string reason = errno != 0 ? std::strerror(errno) : "write error";
  throw Failure("cannot write to standard output: " + reason);
}

}  // namespace latchkey::cli
