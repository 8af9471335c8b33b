#include "latchkey/result.hpp"

#include <sys/resource.h>

namespace latchkey {
namespace {

bool is_locking_limited() noexcept {
  rlimit limit;
  return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

const char* describe(Error error) noexcept {
  // Without the limit itself: a text that differs would need a buffer for each thread.
  if (error == Error::memory_not_locked && !is_locking_limited()) {
    return "the system locks no memory for secrets, though RLIMIT_MEMLOCK does not limit it";
  }
  switch (error) {
#define LATCHKEY_ERROR(name, NAME, number, text) \
  case Error::name:                              \
    return text;
#include "latchkey/error_list.h"
  }
  return "unknown error";
}

}  // namespace latchkey
