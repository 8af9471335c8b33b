#include "latchkey/result.hpp"

#include <sys/resource.h>

#include <cstdio>

namespace latchkey {
namespace {

// In bytes, as setrlimit(2) and systemd's LimitMEMLOCK take it; `ulimit -l` counts in KiB.
const char* describe_lock_limit() noexcept {
  constinit thread_local char text[160] = {};
  rlimit limit;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return "the system locks no memory for secrets, though RLIMIT_MEMLOCK does not limit it";
  }
  std::snprintf(text, sizeof text,
                "the system locks no more memory for secrets: RLIMIT_MEMLOCK is %llu bytes",
                static_cast<unsigned long long>(limit.rlim_cur));
  return text;
}

}  // namespace

const char* describe(Error error) noexcept {
  if (error == Error::memory_not_locked) return describe_lock_limit();
  switch (error) {
#define LATCHKEY_ERROR(name, NAME, number, text) \
  case Error::name:                              \
    return text;
#include "latchkey/error_list.h"
  }
  return "unknown error";
}

}  // namespace latchkey
