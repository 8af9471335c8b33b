// The KEMs of latchkey-seal with the randomness given by the caller: MLKEM768-P256,
// MLKEM1024-P384 and the DHKEMs.
//
// For test vectors, and for protocols that derive randomness by their own rules. Applications do
// not use these: randomness that is known or used twice breaks the key.
#pragma once

#include "latchkey/export.h"
#include "latchkey/hpke_dh.hpp"
#include "latchkey/mlkem_nist.hpp"

LATCHKEY_API_BEGIN

namespace latchkey::derand {

// EncapsDerand() of draft-irtf-cfrg-hybrid-kems. randomness: m, and then the candidates for a
// scalar: 128 random bytes for MLKEM768-P256, 80 for MLKEM1024-P384. Errors: those of
// NistHybridEncapsulationKey::encapsulate(); bad_scalar, if no candidate is in range.
template <NistHybrid hybrid>
[[nodiscard]] LATCHKEY_API Result<NistHybridEncapsulation<hybrid>> encapsulate(
    const NistHybridEncapsulationKey<hybrid>& key,
    typename NistHybridEncapsulationKey<hybrid>::Randomness randomness) noexcept;

// Encap() of RFC 9180 with the ephemeral key pair DeriveKeyPair(ikm). ikm: 32 random bytes. Errors:
// those of hpke::DhEncapsulationKey::encapsulate().
template <hpke::DhGroup group>
[[nodiscard]] LATCHKEY_API Result<hpke::DhEncapsulation<group>> encapsulate(
    const hpke::DhEncapsulationKey<group>& key, std::span<const std::uint8_t, 32> ikm) noexcept;

}  // namespace latchkey::derand

LATCHKEY_API_END
