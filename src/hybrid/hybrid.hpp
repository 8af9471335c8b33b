// ML-KEM-768 and X25519 side by side: what X-Wing and the TLS group X25519MLKEM768 are both made
// of. A name that ends in _M is the half of ML-KEM-768, and in _X, that of X25519. Everywhere that
// of ML-KEM-768 comes first.
#pragma once

#include "base/bytes.hpp"
#include "crypto/x25519.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey::hybrid {

// In bytes.
inline constexpr std::size_t kHybridKeySize = kEncapsulationKeySize + crypto::kX25519Size;
inline constexpr std::size_t kHybridCiphertextSize = kCiphertextSize + crypto::kX25519Size;
inline constexpr std::size_t kHybridSecretSize = kSharedSecretSize + crypto::kX25519Size;
inline constexpr std::size_t kHybridRandomnessSize = 64;

// pk_M || pk_X, checked and ready for use.
struct HybridPublicKey {
  // Errors: encapsulation_key_length, not_reduced, no_memory, crypto_failed.
  [[nodiscard]] static Result<HybridPublicKey> parse(std::span<const std::uint8_t> bytes) noexcept;

  EncapsulationKey pk_M;
  crypto::X25519Key pk_X;
};

// ct_M || ct_X and ss_M || ss_X from m || ek_X. `ss` is zeroed on error. Errors: moved_from,
// low_order, crypto_failed.
[[nodiscard]] Result<void> encapsulate_both(base::Out<kHybridCiphertextSize> ct,
                                            base::Out<kHybridSecretSize> ss,
                                            const HybridPublicKey& key,
                                            base::In<kHybridRandomnessSize> randomness) noexcept;

// ss_M || ss_X. pk_X is that of sk_X. `ss` is zeroed on error. Errors: moved_from, inherited,
// purged, low_order, crypto_failed.
[[nodiscard]] Result<void> decapsulate_both(base::Out<kHybridSecretSize> ss,
                                            const DecapsulationKey& sk_M, crypto::X25519In sk_X,
                                            crypto::X25519In pk_X,
                                            base::In<kHybridCiphertextSize> ct) noexcept;

}  // namespace latchkey::hybrid
