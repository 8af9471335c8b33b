// X-Wing and the TLS groups with the randomness given by the caller.
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

// The randomness of the two sides of a TLS group.
template <tls::Group group>
struct TlsRandomness {
  // d || z || the curve's scalar.
  using Client = std::span<const std::uint8_t, 64 + tls::curve_sizes_of(group).scalar>;
  // m || the curve's scalar.
  using Server = std::span<const std::uint8_t, 32 + tls::curve_sizes_of(group).scalar>;
};

// The two sides of a TLS group; for those with P-256 and P-384, include tls_nist.hpp, too. Errors:
// those of tls::ClientShareOf::generate() and tls::answer(); bad_scalar, if a scalar of P-256 or
// P-384 is not in 1, ..., n - 1, where n is the curve's order.
template <tls::Group group = tls::Group::x25519_mlkem768>
[[nodiscard]] LATCHKEY_API Result<tls::ClientShareOf<group>> tls_client_share(
    typename TlsRandomness<group>::Client randomness) noexcept;
template <tls::Group group = tls::Group::x25519_mlkem768>
[[nodiscard]] LATCHKEY_API Result<tls::ServerShareOf<group>> tls_answer(
    std::span<const std::uint8_t> client_share,
    typename TlsRandomness<group>::Server randomness) noexcept;

// The sizes of X25519MLKEM768's randomness, in bytes.
inline constexpr std::size_t kTlsClientRandomnessSize = 96;  // d || z || X25519's secret
inline constexpr std::size_t kTlsServerRandomnessSize = 64;  // m || X25519's secret

}  // namespace latchkey::derand

LATCHKEY_API_END
