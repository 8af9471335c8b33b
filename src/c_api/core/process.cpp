// The C interface (latchkey.h) of the process: versions, errors, policies.

#include <unistd.h>

#include <array>

#include "c_api/core/handles.hpp"
#include "latchkey/mlkem.hpp"

using latchkey::Error;
namespace c = latchkey::c;

// The values are written down in the header, for C.
static_assert(LATCHKEY_POLICY_REQUIRE == int(latchkey::Policy::require));
static_assert(LATCHKEY_POLICY_BEST_EFFORT == int(latchkey::Policy::best_effort));
static_assert(LATCHKEY_POLICY_PROTECTION_KEYS == int(latchkey::Policy::protection_keys));
static_assert(LATCHKEY_POLICY_NO_MEMFD_SECRET == int(latchkey::Policy::no_memfd_secret));

void c::refuse_handle(const char* wanted) noexcept {
  for (const std::string_view part :
       {std::string_view("latchkey: a handle is no "), std::string_view(wanted),
        std::string_view(", or was freed already: the program ends\n")}) {
    if (::write(STDERR_FILENO, part.data(), part.size()) < 0) break;
  }
  std::abort();
}

int latchkey_abi_version(void) { return LATCHKEY_ABI_VERSION; }
const char* latchkey_version(void) { return LATCHKEY_VERSION; }

const char* latchkey_strerror(int status) {
  if (status == LATCHKEY_OK) return "no error";
  return latchkey::describe(
      Error{static_cast<std::uint8_t>(status < 0 || status > 255 ? 0 : status)});
}

int latchkey_self_test(void) { return c::status_of(latchkey::self_test()); }
const char* latchkey_backend_name(void) { return latchkey::backend_name(); }
void latchkey_purge(void) { latchkey::purge(); }
int latchkey_harden_process(void) { return c::status_of(latchkey::harden_process()); }
int latchkey_set_memory_policy(int policy) {
  if (policy < 0 || policy > 255) return LATCHKEY_E_UNKNOWN_VALUE;
  return c::status_of(latchkey::set_memory_policy(static_cast<latchkey::Policy>(policy)));
}
int latchkey_has_protection_keys(void) { return latchkey::has_protection_keys() ? 1 : 0; }
