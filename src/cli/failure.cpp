// Failures of commands.
#include "failure.hpp"

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
  if (why == Error::memory_not_locked) {  // `what` names a file that is not the cause
    throw Failure(std::string(describe(why)) +
                  "; set LATCHKEY_MEMORY=unlocked to allow memory that is not locked");
  }
  if (why == Error::wrong_password) throw WrongPassword(what + ": " + describe(why));
  const bool is_memory = why == Error::memory_not_protected || why == Error::not_hardened;
  const char* const way_out =
      is_memory ? "; set LATCHKEY_MEMORY=unlocked to continue without this protection" : "";
  throw Failure(what + ": " + describe(why) + way_out +
                (why == Error::crypto_policy ? refused_algorithm() : ""));
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
