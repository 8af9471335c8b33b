// X-Wing and X25519MLKEM768 with the randomness given by the caller.
//
// For test vectors, and for protocols that derive randomness by their own rules. Applications do
// not use these: randomness that is known or used twice breaks the key.
#pragma once

#include "latchkey/export.h"
#include "latchkey/tls.hpp"
#include "latchkey/xwing.hpp"

LATCHKEY_API_BEGIN

namespace latchkey::derand {

// X-Wing's EncapsulateDerand(). eseed: m || ek_X, 64 random bytes.
// Errors: those of xwing::EncapsulationKey::encapsulate().
[[nodiscard]] Result<xwing::Encapsulation> encapsulate(
    const xwing::EncapsulationKey& key,
    std::span<const std::uint8_t, xwing::kEncapsulationSeedSize> eseed) noexcept;

// X-Wing in batches, as in batch.hpp. eseeds: 64 random bytes an encapsulation. Errors:
// batch_length, and those of the single function. On error every output is empty.
[[nodiscard]] Result<void> encapsulate_batch(
    std::span<const xwing::EncapsulationKey* const> keys,
    std::span<const std::array<std::uint8_t, xwing::kEncapsulationSeedSize>> eseeds,
    std::span<xwing::Encapsulation> results) noexcept;

inline constexpr std::size_t kTlsClientRandomnessSize = 96;  // d || z || X25519's secret
inline constexpr std::size_t kTlsServerRandomnessSize = 64;  // m || X25519's secret

// The two sides of X25519MLKEM768. Errors: those of
// tls::ClientShare::generate() and tls::answer().
[[nodiscard]] Result<tls::ClientShare> tls_client_share(
    std::span<const std::uint8_t, kTlsClientRandomnessSize> randomness) noexcept;
[[nodiscard]] Result<tls::ServerShare> tls_answer(
    std::span<const std::uint8_t> client_share,
    std::span<const std::uint8_t, kTlsServerRandomnessSize> randomness) noexcept;

}  // namespace latchkey::derand

LATCHKEY_API_END
