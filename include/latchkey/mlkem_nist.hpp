// MLKEM768-P256 and MLKEM1024-P384, the hybrids of ML-KEM and a NIST curve
// (draft-irtf-cfrg-concrete-hybrid-kems): each is secure as long as one of its halves is. Use them
// if you must use NIST curves; otherwise use X-Wing (xwing.hpp). In the library latchkey-seal.
//
//   using K = latchkey::MlKem768P256;
//   auto key = K::DecapsulationKey::generate();
//   auto ek = K::EncapsulationKey::parse(received);   // 1249 bytes
//   auto sent = ek->encapsulate();
//   auto secret = key->decapsulate(sent->ciphertext);
//
// The classes are like those of mlkem.hpp, and the rules at its top hold here, too: nothing throws,
// objects are move-only, `const` functions of one object may run in many threads at once, and
// secrets live in locked memory. libcrypto computes the curve: while a call runs, it has copies of
// a scalar on the heap, and wipes them. Every call can fail with no_memory, crypto_failed or, if a
// policy forbids ECDH, crypto_policy; the "Errors" below do not repeat these.
#pragma once

#include "latchkey/export.h"
#include "latchkey/kem.hpp"

namespace latchkey {
struct NistHybridAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey {

// The hybrids, by their numbers in HPKE (draft-ietf-hpke-pq, section 4).
enum class NistHybrid : std::uint16_t { mlkem768_p256 = 0x0050, mlkem1024_p384 = 0x0051 };

// Sizes in bytes. Seeds have 32, and shared secrets kSharedSecretSize.
struct NistHybridSizes {
  MlKem mlkem;                    // the parameter set
  std::size_t point;              // a point of the curve, uncompressed
  std::size_t scalar;             // a scalar of the curve
  std::size_t candidates;         // for a scalar: the first one in range is used
  std::size_t encapsulation_key;  // the public key: ML-KEM's, and a point
  std::size_t ciphertext;         // ML-KEM's, and a point
  std::size_t randomness;         // of an encapsulation: m, and the candidates for a scalar
};
// The sizes of a hybrid.
constexpr NistHybridSizes sizes_of(NistHybrid hybrid) noexcept {
  switch (hybrid) {
    case NistHybrid::mlkem768_p256:
      return {MlKem::k768, 65, 32, 3, 1249, 1153, 128};
    case NistHybrid::mlkem1024_p384:
      return {MlKem::k1024, 97, 48, 1, 1665, 1665, 80};
  }
  return {};
}

// What encapsulate() makes.
template <NistHybrid hybrid>
struct NistHybridEncapsulation {
  // What is sent to the owner of the private key. Not secret.
  using Ciphertext = std::array<std::uint8_t, sizes_of(hybrid).ciphertext>;

  Ciphertext ciphertext{};  // to be sent
  SharedSecret secret;      // the same as decapsulate() gives
};

// A public key, checked and precomputed (about 9 or 14 KiB).
template <NistHybrid hybrid>
class LATCHKEY_API NistHybridEncapsulationKey {
 public:
  // The randomness of an encapsulation, for derand_seal.hpp.
  using Randomness = std::span<const std::uint8_t, sizes_of(hybrid).randomness>;

  // From its 1249 or 1665 bytes: the ML-KEM key, with the modulus check, and then an uncompressed
  // point. Errors: encapsulation_key_length, not_reduced, no_memory; bad_point, if it does not end
  // with an uncompressed point on the curve.
  [[nodiscard]] static Result<NistHybridEncapsulationKey> parse(
      std::span<const std::uint8_t> bytes) noexcept;

  // Empty, as if moved away.
  NistHybridEncapsulationKey() noexcept = default;

  // A second object for the same key. Errors: moved_from, no_memory.
  [[nodiscard]] Result<NistHybridEncapsulationKey> clone() const noexcept;

  // Encaps() with fresh randomness. Errors: moved_from, no_entropy, no_memory.
  [[nodiscard]] Result<NistHybridEncapsulation<hybrid>> encapsulate() const noexcept;

  // The bytes that parse() takes. They live as long as this object. Empty if moved away.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND;
  std::span<const std::uint8_t> bytes() const&& = delete;

 private:
  friend struct NistHybridAccess;

  MlKemEncapsulationKey<sizes_of(hybrid).mlkem> mlkem_;
  std::array<std::uint8_t, sizes_of(hybrid).encapsulation_key> bytes_{};
};

// A private key, precomputed.
template <NistHybrid hybrid>
class LATCHKEY_API NistHybridDecapsulationKey {
 public:
  // The public half's type.
  using EncapsulationKey = NistHybridEncapsulationKey<hybrid>;

  // GenerateKeyPair() with fresh randomness. Errors: no_entropy, no_memory; with a test,
  // inconsistent_key.
  [[nodiscard]] static Result<NistHybridDecapsulationKey> generate(
      PairwiseTest test = PairwiseTest::skip) noexcept;

  // From the 32-byte key. Errors: seed_length, no_memory; bad_scalar, if no candidate for the
  // scalar is in range, which happens for fewer than one seed in 2^96 (P-256) or 2^192 (P-384);
  // with a test, no_entropy, inconsistent_key.
  [[nodiscard]] static Result<NistHybridDecapsulationKey> from_seed(
      std::span<const std::uint8_t> seed, PairwiseTest test = PairwiseTest::skip) noexcept;

  // Empty, as if moved away.
  NistHybridDecapsulationKey() noexcept = default;

  // Decaps(). A ciphertext that was made for another key gives a secret that nobody else can
  // compute, and no error. Errors: ciphertext_length, moved_from, no_memory; bad_point, if the
  // ciphertext does not end with an uncompressed point on the curve.
  [[nodiscard]] Result<SharedSecret> decapsulate(
      std::span<const std::uint8_t> ciphertext) const noexcept;

  // The public half. It lives as long as this object; clone() one that is to live longer.
  [[nodiscard]] const EncapsulationKey& encapsulation_key() const& noexcept LATCHKEY_LIFETIMEBOUND {
    return public_;
  }
  const EncapsulationKey& encapsulation_key() const&& = delete;

  // Writes the 32-byte key. `seed` is zeroed on error. Errors: moved_from.
  [[nodiscard]] Result<void> export_seed(std::span<std::uint8_t, 32> seed) const noexcept;

  // False only under Policy::best_effort, or if empty.
  [[nodiscard]] bool is_locked() const noexcept;

 private:
  friend struct NistHybridAccess;

  EncapsulationKey public_;
  MlKemDecapsulationKey<sizes_of(hybrid).mlkem> mlkem_;
  internal::SecretSlot seeds_;  // the key itself, and the scalar
};

// The library has these, and no other ones.
extern template class NistHybridEncapsulationKey<NistHybrid::mlkem768_p256>;
extern template class NistHybridEncapsulationKey<NistHybrid::mlkem1024_p384>;
extern template class NistHybridDecapsulationKey<NistHybrid::mlkem768_p256>;
extern template class NistHybridDecapsulationKey<NistHybrid::mlkem1024_p384>;

// A hybrid as a Kem (kem.hpp).
template <NistHybrid hybrid>
struct NistHybridOf {
  // Its types.
  using EncapsulationKey = NistHybridEncapsulationKey<hybrid>;
  using DecapsulationKey = NistHybridDecapsulationKey<hybrid>;
  using Encapsulation = NistHybridEncapsulation<hybrid>;

  // For display.
  static constexpr const char* kName =
      hybrid == NistHybrid::mlkem768_p256 ? "MLKEM768-P256" : "MLKEM1024-P384";
  static constexpr std::uint16_t kHpkeId = static_cast<std::uint16_t>(hybrid);
  // Sizes in bytes.
  static constexpr std::size_t kEncapsulationKeySize = sizes_of(hybrid).encapsulation_key;
  static constexpr std::size_t kSeedSize = 32;
  static constexpr std::size_t kCiphertextSize = sizes_of(hybrid).ciphertext;

  // For the 32-byte key, which is the only form of a private key here, if SHA3-256 and SHAKE256
  // behave like random functions. The combiner hashes the two secrets and the curve's points. Equal
  // points mean the same seed, and so the same ML-KEM key. With the same ML-KEM key, equal secrets
  // mean the same ciphertext. docs/holding-kems.md has the argument, note 7.
  static constexpr BindingProfile kBinding = {.k_pk = BindsAgainst::mal,
                                              .k_ct = BindsAgainst::mal,
                                              .k_ct_pk = BindsAgainst::mal,
                                              .k_pk_ct = BindsAgainst::mal};
};
using MlKem768P256 = NistHybridOf<NistHybrid::mlkem768_p256>;
using MlKem1024P384 = NistHybridOf<NistHybrid::mlkem1024_p384>;

// The Kem of a hybrid's public keys.
template <NistHybrid hybrid>
struct KemOf<NistHybridEncapsulationKey<hybrid>> {
  using Kem = NistHybridOf<hybrid>;  // that of both keys
};
// The Kem of a hybrid's private keys.
template <NistHybrid hybrid>
struct KemOf<NistHybridDecapsulationKey<hybrid>> {
  using Kem = NistHybridOf<hybrid>;  // that of both keys
};

static_assert(Kem<MlKem768P256> && Kem<MlKem1024P384>);

}  // namespace latchkey

LATCHKEY_API_END
