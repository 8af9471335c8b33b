#include "hardening.hpp"

#include <cstdlib>
#include <string_view>

#include "failure.hpp"
#include "latchkey/secret_memory.hpp"

namespace latchkey::cli {
namespace {

bool is_refused = false;

}  // namespace

void harden() {
  const bool is_hardened = harden_process().has_value();
  const char* const wish = std::getenv("LATCHKEY_MEMORY");
  const bool is_set = wish != nullptr && *wish != '\0';
  if (is_set && std::string_view(wish) != "unlocked") {
    throw Failure("LATCHKEY_MEMORY must be 'unlocked' or unset");
  }
  // It fails with protection keys alone.
  if (is_set) static_cast<void>(set_memory_policy(Policy::best_effort));
  is_refused = !is_hardened && !is_set;
}

void require_hardened() {
  if (is_refused) fail("cannot use secrets", Error::not_hardened);
}

}  // namespace latchkey::cli
