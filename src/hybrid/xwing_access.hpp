// What is behind the public classes of X-Wing, and the one way past their private parts.
#pragma once

#include "hybrid/hybrid.hpp"
#include "latchkey/xwing.hpp"
#include "memory/slots.hpp"

namespace latchkey::xwing {

using hybrid::kSize;

struct internal::PrecomputedPublicKey {
  std::array<std::uint8_t, kEncapsulationKeySize> bytes;
  latchkey::EncapsulationKey pk_M;
};

// What a decapsulation key keeps in its slot.
struct Seeds {
  std::uint8_t sk[kSeedSize];
  std::uint8_t sk_X[kSize];
};

inline base::In<kSize> pk_X(const internal::PrecomputedPublicKey& key) noexcept {
  return std::span(key.bytes).last<kSize>();
}

// Combiner() of section 5.3, of ss_M || ss_X.
void combine(base::Out<kSharedSecretSize> ss, base::In<hybrid::kHybridSecretSize> both,
             base::In<kCiphertextSize> ct, base::In<kSize> pk_X) noexcept;

struct KeyAccess {
  static EncapsulationKey wrap(internal::PrecomputedPublicKey* key) noexcept {
    return EncapsulationKey(key);
  }
  static const internal::PrecomputedPublicKey* precomputed(const EncapsulationKey& key) noexcept {
    return key.key_;
  }
  static const latchkey::DecapsulationKey& sk_M(const DecapsulationKey& key) noexcept {
    return key.mlkem_;
  }
  // Errors: moved_from, inherited, purged.
  static Result<Seeds*> seeds(const DecapsulationKey& key) noexcept {
    return memory::object_in<Seeds>(key.seeds_);
  }
  // The seeds may have been purged before there was a secret to purge. Errors: purged, inherited.
  static Result<void> check_after_use(const DecapsulationKey& key) noexcept {
    return memory::check_after_use(key.seeds_);
  }
  static Result<Encapsulation> encapsulate(const EncapsulationKey& key,
                                           base::In<kEncapsulationSeedSize> eseed) noexcept;
  static Result<DecapsulationKey> from_seed(base::In<kSeedSize> sk) noexcept;
};

}  // namespace latchkey::xwing
