// What a process can do for itself against being looked into.

#include <sys/prctl.h>
#include <sys/resource.h>

#include "latchkey/secret_memory.hpp"

namespace latchkey {

Result<void> harden_process() noexcept {
  const rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return Error::not_hardened;
  }
  return {};
}

}  // namespace latchkey
