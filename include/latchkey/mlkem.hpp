// ML-KEM, the key encapsulation mechanism of FIPS 203, in its three parameter sets.
//
//   #include <latchkey/mlkem768.hpp>
//   auto key = latchkey::DecapsulationKey::generate();          // Alice makes a key pair
//   if (!key) return fail(latchkey::describe(key.error()));
//   auto ek = latchkey::EncapsulationKey::parse(received);      // Bob parses her 1184 bytes
//   if (!ek) return fail(latchkey::describe(ek.error()));
//   auto sent = ek->encapsulate();                              // ... and makes a secret
//   auto secret = key->decapsulate(sent->ciphertext);           // Alice gets the same secret
//
// That is ML-KEM-768, the parameter set that nearly everybody should use. mlkem512.hpp and
// mlkem1024.hpp have the same classes in namespaces: latchkey::mlkem1024::DecapsulationKey.
//
// Nothing throws. Every function that can fail returns a Result. Objects are move-only; using one
// that was moved away gives Error::moved_from. `const` functions of one object may run in many
// threads at once. No thread is cancelled (pthread_cancel) within a function of the core.
//
// Optimised, every function works on a thread with 64 KiB of stack, batches and self_test() too;
// the largest need 42.
//
// Keys and shared secrets live in memory that is locked and hidden (secret_memory.hpp), and are
// wiped when their object goes. What makes a secret can fail with Error::no_memory; with
// memory_not_locked, where the system locks no more; with memory_not_protected; and, if it is the
// first of a process, with no_entropy. What uses one can fail with Error::inherited in a child of
// fork(), and with Error::purged after purge(). "Errors" below do not repeat these.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "latchkey/export.h"
#include "latchkey/result.hpp"
#include "latchkey/secret_memory.hpp"

namespace latchkey {
struct SecretAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey {

// The parameter sets (FIPS 203, table 2). The larger, the stronger and the slower: categories 1, 3
// and 5.
enum class MlKem : std::uint16_t { k512 = 512, k768 = 768, k1024 = 1024 };

// Sizes in bytes (FIPS 203, table 3). Seeds and shared secrets have the same in all sets.
struct MlKemSizes {
  std::size_t encapsulation_key;  // of the public key
  std::size_t decapsulation_key;  // of the private key, in expanded form
  std::size_t ciphertext;         // of what is sent
};
// Those of a parameter set.
constexpr MlKemSizes sizes_of(MlKem set) noexcept {
  switch (set) {
    case MlKem::k512:
      return {800, 1632, 768};
    case MlKem::k768:
      return {1184, 2400, 1088};
    case MlKem::k1024:
      return {1568, 3168, 1568};
  }
  return {};
}
inline constexpr std::size_t kSeedSize = 64;          // d || z
inline constexpr std::size_t kSharedSecretSize = 32;  // K

// A shared secret K.
class SharedSecret {
 public:
  // Empty, as if moved away. For a batch to fill.
  SharedSecret() noexcept = default;

  // The 32 bytes. They are the key itself: derive from them, do not print or compare them. They
  // live as long as this object. Under Policy::protection_keys, read them while an OpenSecrets
  // lives. Errors: moved_from.
  [[nodiscard]] Result<std::span<const std::uint8_t, kSharedSecretSize>> expose() const& noexcept
      LATCHKEY_LIFETIMEBOUND;
  Result<std::span<const std::uint8_t, kSharedSecretSize>> expose() const&& = delete;

  // False only under Policy::best_effort, or if empty.
  [[nodiscard]] bool is_locked() const noexcept;

 private:
  friend struct SecretAccess;

  internal::SecretSlot slot_;
};

// What encapsulate() makes.
template <MlKem set>
struct MlKemEncapsulation {
  // What travels from the encapsulating to the decapsulating side. Not secret.
  using Ciphertext = std::array<std::uint8_t, sizes_of(set).ciphertext>;

  static_assert(sizes_of(set).ciphertext > 0, "FIPS 203 has no such parameter set");
  Ciphertext ciphertext{};  // to be sent
  SharedSecret secret;      // the same as decapsulate() gives
};
// Its type of a ciphertext.
template <MlKem set>
using MlKemCiphertext = typename MlKemEncapsulation<set>::Ciphertext;

namespace internal {
template <MlKem set>
struct PrecomputedPublicKey;
}  // namespace internal

// A public key, checked and precomputed (4, 7 or 12 KiB): a second encapsulation computes no
// matrix.
template <MlKem set>
class LATCHKEY_API MlKemEncapsulationKey {
 public:
  // From its bytes, with the modulus check of FIPS 203, section 7.2.
  // Errors: encapsulation_key_length, not_reduced, no_memory.
  [[nodiscard]] static Result<MlKemEncapsulationKey> parse(
      std::span<const std::uint8_t> bytes) noexcept;

  // Empty, as if moved away.
  MlKemEncapsulationKey() noexcept : key_(nullptr) {}
  // Moving leaves the other one empty.
  MlKemEncapsulationKey(MlKemEncapsulationKey&& other) noexcept;
  MlKemEncapsulationKey& operator=(MlKemEncapsulationKey&& other) noexcept;
  ~MlKemEncapsulationKey();

  // A second object for the same key. Errors: moved_from, no_memory.
  [[nodiscard]] Result<MlKemEncapsulationKey> clone() const noexcept;

  // ML-KEM.Encaps (Algorithm 20) with fresh randomness. Errors: moved_from, no_entropy, no_memory.
  [[nodiscard]] Result<MlKemEncapsulation<set>> encapsulate() const noexcept;

  // The bytes that parse() takes. They live as long as this object. Empty if moved away.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND;
  std::span<const std::uint8_t> bytes() const&& = delete;

 private:
  friend struct SecretAccess;
  explicit MlKemEncapsulationKey(internal::PrecomputedPublicKey<set>* key) noexcept : key_(key) {}

  internal::PrecomputedPublicKey<set>* key_;
};

// Whether a new key is tried out before it is handed over: one encapsulation and decapsulation, as
// FIPS 140-3 asks of validated modules. It about doubles the time.
enum class PairwiseTest : bool { skip, run };

// How far an imported key in expanded form is checked.
enum class ExpandedKeyCheck : std::uint8_t {
  hash_and_pairwise,  // the hash check of FIPS 203, section 7.3, and a pairwise test
  hash_only,          // that hash check alone: FIPS 203 requires no pairwise test
};

// A private key, precomputed.
template <MlKem set>
class LATCHKEY_API MlKemDecapsulationKey {
 public:
  // The public half's type.
  using EncapsulationKey = MlKemEncapsulationKey<set>;
  // Room for the expanded form.
  using Expanded = std::span<std::uint8_t, sizes_of(set).decapsulation_key>;

  // ML-KEM.KeyGen (Algorithm 19) with fresh randomness.
  // Errors: no_entropy, no_memory; with a test, inconsistent_key.
  [[nodiscard]] static Result<MlKemDecapsulationKey> generate(
      PairwiseTest test = PairwiseTest::skip) noexcept;

  // From the 64-byte seed d || z, the form to store keys in. Any 64 bytes are a key.
  // Errors: seed_length, no_memory; with a test, no_entropy, inconsistent_key.
  [[nodiscard]] static Result<MlKemDecapsulationKey> from_seed(
      std::span<const std::uint8_t> seed, PairwiseTest test = PairwiseTest::skip) noexcept;

  // From the expanded form dk_PKE || ek || H(ek) || z that other libraries export. Prefer
  // seeds: an expanded key of unknown origin can be crafted so that two ciphertexts share a secret.
  // Every coefficient of dk_PKE and ek has to be below 3329, or the key is refused as not_reduced.
  // For dk_PKE that is stricter than FIPS 203, section 7.3, so that a key has one encoding: KeyGen
  // makes no unreduced keys. Errors: decapsulation_key_length, not_reduced, hash_mismatch,
  // no_memory; with the pairwise test, no_entropy, inconsistent_key.
  [[nodiscard]] static Result<MlKemDecapsulationKey> import_expanded(
      std::span<const std::uint8_t> expanded,
      ExpandedKeyCheck check = ExpandedKeyCheck::hash_and_pairwise) noexcept;

  // Empty, as if moved away. For a batch to fill.
  MlKemDecapsulationKey() noexcept = default;

  // ML-KEM.Decaps (Algorithm 21). A ciphertext that was not made for this key gives a secret that
  // nobody else can compute, and no error: that is implicit rejection, and it is constant-time.
  // Errors: ciphertext_length, moved_from, no_memory.
  [[nodiscard]] Result<SharedSecret> decapsulate(
      std::span<const std::uint8_t> ciphertext) const noexcept;

  // The public half. It lives as long as this object; clone() one that is to live longer.
  [[nodiscard]] const EncapsulationKey& encapsulation_key() const& noexcept LATCHKEY_LIFETIMEBOUND {
    return public_;
  }
  const EncapsulationKey& encapsulation_key() const&& = delete;

  // Writes d || z. `seed` is zeroed on error. Errors: no_seed, moved_from.
  [[nodiscard]] Result<void> export_seed(std::span<std::uint8_t, kSeedSize> seed) const noexcept;

  // Writes dk_PKE || ek || H(ek) || z, for libraries that cannot read seeds. For an imported key,
  // these are the bytes that were imported. `expanded` is zeroed on error. Errors: moved_from.
  [[nodiscard]] Result<void> export_expanded(Expanded expanded) const noexcept;

  // False only under Policy::best_effort, or if empty.
  [[nodiscard]] bool is_locked() const noexcept;

 private:
  friend struct SecretAccess;

  EncapsulationKey public_;
  internal::SecretSlot secret_;
  bool has_seed_ = false;
};

// Decapsulates once with a private key in expanded form: faster than import and decapsulation for a
// key that is used a single time. Checks the hash (FIPS 203, section 7.3) and that every
// coefficient is below 3329, as import_expanded() does; no pairwise test. Errors:
// decapsulation_key_length, ciphertext_length, not_reduced, hash_mismatch, no_memory.
template <MlKem set = MlKem::k768>
[[nodiscard]] LATCHKEY_API Result<SharedSecret> decapsulate_with_expanded_key(
    std::span<const std::uint8_t> expanded_key, std::span<const std::uint8_t> ciphertext) noexcept;

// Compares key generation, encapsulation, decapsulation and implicit rejection with fixed answers,
// one by one and in batches; then tests whether the key checks and the pairwise test refuse faulty
// keys. The second form does so for one parameter set. The first does for all three, and compares
// X25519 and X-Wing with fixed answers, too; it takes about 1 ms with AVX-512, 3 with AVX2,
// 5 without.
// Errors: self_test_failed, no_entropy, no_memory.
[[nodiscard]] Result<void> self_test() noexcept;
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<void> self_test() noexcept;

// The implementation in use on this machine: "ref", "avx2" or "avx512".
[[nodiscard]] const char* backend_name() noexcept;

// The library has these, and no other ones.
extern template class MlKemEncapsulationKey<MlKem::k512>;
extern template class MlKemEncapsulationKey<MlKem::k768>;
extern template class MlKemEncapsulationKey<MlKem::k1024>;
extern template class MlKemDecapsulationKey<MlKem::k512>;
extern template class MlKemDecapsulationKey<MlKem::k768>;
extern template class MlKemDecapsulationKey<MlKem::k1024>;

}  // namespace latchkey

LATCHKEY_API_END
