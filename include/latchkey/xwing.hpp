// X-Wing, the hybrid key encapsulation mechanism of X25519 and ML-KEM-768
// (draft-connolly-cfrg-xwing-kem): safe as long as one of the two is.
//
//   auto key = latchkey::xwing::DecapsulationKey::generate();
//   auto ek = latchkey::xwing::EncapsulationKey::parse(received);   // 1216 bytes
//   auto sent = ek->encapsulate();
//   auto secret = key->decapsulate(sent->ciphertext);
//
// Used like mlkem.hpp, and what its head says holds here, too: nothing throws, objects are
// move-only, `const` functions of one object may run in many threads at once, and secrets live in
// locked memory.
#pragma once

#include "latchkey/export.h"
#include "latchkey/mlkem768.hpp"

namespace latchkey::xwing {
struct KeyAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey::xwing {

// Sizes in bytes (section 5.1 of the draft). The shared secret has kSharedSecretSize.
inline constexpr std::size_t kEncapsulationKeySize = 1216;
inline constexpr std::size_t kSeedSize = 32;  // the decapsulation key, in the one form it has
inline constexpr std::size_t kCiphertextSize = 1120;
inline constexpr std::size_t kEncapsulationSeedSize = 64;  // for derand_hybrid.hpp

// What travels from the encapsulating to the decapsulating side. Not secret.
using Ciphertext = std::array<std::uint8_t, kCiphertextSize>;

// What encapsulate() makes.
struct Encapsulation {
  Ciphertext ciphertext{};  // to be sent
  SharedSecret secret;      // the same as decapsulate() gives
};

namespace internal {
struct PrecomputedPublicKey;
}  // namespace internal

// A public key, checked and precomputed (about 9 KiB).
class EncapsulationKey {
 public:
  // From its 1216 bytes: the ML-KEM key, with its modulus check, and that of X25519.
  // Errors: encapsulation_key_length, not_reduced, no_memory.
  [[nodiscard]] static Result<EncapsulationKey> parse(std::span<const std::uint8_t> bytes) noexcept;

  // Empty, as if moved away.
  EncapsulationKey() noexcept : key_(nullptr) {}
  // Moving leaves the other one empty.
  EncapsulationKey(EncapsulationKey&& other) noexcept;
  EncapsulationKey& operator=(EncapsulationKey&& other) noexcept;
  ~EncapsulationKey();

  // A second object for the same key. Errors: moved_from, no_memory.
  [[nodiscard]] Result<EncapsulationKey> clone() const noexcept;

  // Encapsulate() of section 5.4 with fresh randomness. Errors: moved_from, no_entropy, no_memory;
  // low_order, if the key's X25519 half is one that no honest party makes.
  [[nodiscard]] Result<Encapsulation> encapsulate() const noexcept;

  // The 1216 bytes that parse() takes. They live as long as this object. Empty if moved away.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND;
  std::span<const std::uint8_t> bytes() const&& = delete;

 private:
  friend struct KeyAccess;
  explicit EncapsulationKey(internal::PrecomputedPublicKey* key) noexcept : key_(key) {}

  internal::PrecomputedPublicKey* key_;
};

// A private key, precomputed.
class DecapsulationKey {
 public:
  // GenerateKeyPair() of section 5.2 with fresh randomness.
  // Errors: no_entropy, no_memory; with a test, inconsistent_key.
  [[nodiscard]] static Result<DecapsulationKey> generate(
      PairwiseTest test = PairwiseTest::skip) noexcept;

  // From the 32-byte key. Any 32 bytes are a key. Errors: seed_length, no_memory; with a test,
  // no_entropy, inconsistent_key.
  [[nodiscard]] static Result<DecapsulationKey> from_seed(
      std::span<const std::uint8_t> seed, PairwiseTest test = PairwiseTest::skip) noexcept;

  // Empty, as if moved away.
  DecapsulationKey() noexcept = default;

  // Decapsulate() of section 5.5. A ciphertext that was not made for this key gives a secret that
  // nobody else can compute, and no error. Errors: ciphertext_length, moved_from, no_memory;
  // low_order, if the ciphertext's X25519 half is one that no honest party makes.
  [[nodiscard]] Result<SharedSecret> decapsulate(
      std::span<const std::uint8_t> ciphertext) const noexcept;

  // The public half. It lives as long as this object; clone() one that is to live longer.
  [[nodiscard]] const EncapsulationKey& encapsulation_key() const& noexcept LATCHKEY_LIFETIMEBOUND {
    return public_;
  }
  const EncapsulationKey& encapsulation_key() const&& = delete;

  // Writes the 32-byte key. `seed` is zeroed on error. Errors: moved_from.
  [[nodiscard]] Result<void> export_seed(std::span<std::uint8_t, kSeedSize> seed) const noexcept;

  // False only under Policy::best_effort, or if empty.
  [[nodiscard]] bool is_locked() const noexcept;

 private:
  friend struct KeyAccess;

  EncapsulationKey public_;
  latchkey::DecapsulationKey mlkem_;
  latchkey::internal::SecretSlot seeds_;  // the key itself, and X25519's
};

}  // namespace latchkey::xwing

LATCHKEY_API_END
