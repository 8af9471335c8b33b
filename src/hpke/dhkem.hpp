// DHKEM's DeriveKeyPair(), for hpke.cpp and for randomness that is given.
#pragma once

#include "base/bytes.hpp"
#include "latchkey/hpke_dh.hpp"

namespace latchkey::hpke {

// RFC 9180, section 7.1.3. Errors: bad_scalar, if 256 candidates for a scalar of P-256 are out of
// range; crypto_failed, crypto_policy, those on memory.
template <DhGroup group>
[[nodiscard]] Result<DhDecapsulationKey<group>> derive_dh_key_pair(View ikm) noexcept;

}  // namespace latchkey::hpke
