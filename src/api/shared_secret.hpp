// Making and comparing shared secrets.
#pragma once

#include "api/access.hpp"
#include "base/try.hpp"

namespace latchkey {

// The secret that fill(std::span<std::uint8_t, 32>) writes. No secret that is made while a purge()
// runs comes out. Errors: those on memory, purged.
template <class F>
Result<SharedSecret> make_secret(F fill) noexcept {
  auto secret = SecretAccess::allocate_secret();
  if (!secret) return secret;
  const auto bytes = LATCHKEY_TRY(SecretAccess::bytes(*secret));
  const OpenSecrets open(OpenSecrets::Rights::write);
  fill(std::span<std::uint8_t, kSharedSecretSize>(bytes, kSharedSecretSize));
  LATCHKEY_TRY(SecretAccess::check_after_use(*secret));
  return secret;
}

// The end of a pairwise test. Errors: inconsistent_key, if the two secrets differ; purged.
LATCHKEY_FOR_SEAL Result<void> must_agree(const SharedSecret& ours,
                                          const SharedSecret& theirs) noexcept;

}  // namespace latchkey
