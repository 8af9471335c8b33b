// ML-KEM-768 and X25519 side by side: what X-Wing and the TLS group X25519MLKEM768 are both made
// of. A name that ends in _M is the half of ML-KEM-768, and in _X, that of X25519. Everywhere that
// of ML-KEM-768 comes first.
#pragma once

#include "base/bytes.hpp"
#include "hybrid/x25519.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey::hybrid {

// In bytes.
inline constexpr std::size_t kHybridKeySize = kEncapsulationKeySize + kSize;
inline constexpr std::size_t kHybridCiphertextSize = kCiphertextSize + kSize;
inline constexpr std::size_t kHybridSecretSize = kSharedSecretSize + kSize;
inline constexpr std::size_t kHybridRandomnessSize = 64;

// ct_M || ct_X and ss_M || ss_X from m || ek_X. `ss` is zeroed on error. Errors: moved_from,
// low_order.
[[nodiscard]] Result<void> encapsulate_both(base::Out<kHybridCiphertextSize> ct,
                                            base::Out<kHybridSecretSize> ss,
                                            const EncapsulationKey& pk_M, base::In<kSize> pk_X,
                                            base::In<kHybridRandomnessSize> randomness) noexcept;

// ss_M || ss_X. `ss` is zeroed on error. Errors: moved_from, inherited, purged, low_order.
[[nodiscard]] Result<void> decapsulate_both(base::Out<kHybridSecretSize> ss,
                                            const DecapsulationKey& sk_M, base::In<kSize> sk_X,
                                            base::In<kHybridCiphertextSize> ct) noexcept;

}  // namespace latchkey::hybrid
