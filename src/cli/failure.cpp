// Failures of commands.
#include "failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "latchkey/seal.hpp"

namespace latchkey::cli {

namespace {

// What libcrypto says of the algorithm that it refuses.
std::string refused_algorithm() {
  char text[200];
  const std::size_t size = describe_crypto_policy(text);
  return size > 0 ? " (libcrypto: " + std::string(text, size) + ")" : "";
}

}  // namespace

void fail(const std::string& what, Error why) {
  const bool is_memory = why == Error::memory_not_locked || why == Error::memory_not_protected ||
                         why == Error::not_hardened;
  const char* const way_out = is_memory ? "; LATCHKEY_MEMORY=unlocked does without" : "";
  throw Failure(what + ": " + describe(why) + way_out +
                (why == Error::crypto_policy ? refused_algorithm() : ""));
}

void fail_by_errno(const std::string& what) { throw Failure(what + ": " + std::strerror(errno)); }

void warn(const std::string& what) {
  std::fprintf(stderr, "latchkey: warning: %s\n", what.c_str());
}

namespace {

// How many bytes of `text` are one character that may be printed: ASCII, or UTF-8 (RFC 3629) that
// is neither cut nor one of the controls U+0080 to U+009F, which terminals obey, too. 0 if none.
std::size_t printable(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return byte(0) >= ' ' && byte(0) != 0x7f ? 1 : 0;
  const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return byte(0) == 0xc2 && byte(1) < 0xa0 ? 0 : size;
}

}  // namespace

std::string in_one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const std::size_t size = printable(text);
    line += size > 0 ? text.substr(0, size) : "?";
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
