// The KEMs of this library as types, for code that is written once for all of them.
//
//   template <latchkey::Kem K>
//   void greet(const typename K::EncapsulationKey& peer) { auto sent = peer.encapsulate(); ... }
//   greet<latchkey::XWing>(key);
//
// The library latchkey-seal has more KEMs: the hybrids with NIST curves (mlkem_nist.hpp), and the
// classical KEMs of HPKE (hpke_dh.hpp).
//
// And what their secrets commit to, for a protocol that relies on it:
//
//   static_assert(K::kBinding.k_pk >= latchkey::BindsAgainst::mal);   // not for ML-KEM
#pragma once

#include <concepts>

#include "latchkey/export.h"
#include "latchkey/mlkem1024.hpp"
#include "latchkey/mlkem512.hpp"
#include "latchkey/mlkem768.hpp"
#include "latchkey/xwing.hpp"

LATCHKEY_API_BEGIN

namespace latchkey {

// The attackers of Cremers, Dax and Medinger, "Keeping Up with the KEMs" (ePrint 2023/1933), each
// with all that the ones before it have.
enum class BindsAgainst : std::uint8_t {
  nobody = 0,  // it does not bind
  hon,         // asks to have ciphertexts decapsulated, by keys that were made honestly
  leak,        // knows these private keys
  mal,         // makes the private keys, in whatever form the import takes
};

// What a KEM binds, and the strongest attacker against whom it does: X-BIND-P-Q says that nobody of
// the kind X finds two encapsulations or decapsulations that agree in P and differ in Q. K is the
// shared secret, PK the encapsulation key, CT the ciphertext.
struct BindingProfile {
  BindsAgainst k_pk;     // X-BIND-K-PK
  BindsAgainst k_ct;     // X-BIND-K-CT
  BindsAgainst k_ct_pk;  // X-BIND-K,CT-PK
  BindsAgainst k_pk_ct;  // X-BIND-K,PK-CT

  // What breaks K,CT-PK breaks K-PK, and what breaks K,PK-CT breaks K-CT.
  [[nodiscard]] constexpr bool is_consistent() const noexcept {
    return k_ct_pk >= k_pk && k_pk_ct >= k_ct;
  }
  // Whether all four are the same.
  bool operator==(const BindingProfile&) const noexcept = default;
};

// ML-KEM (mlkem.hpp).
template <MlKem set>
struct MlKemOf {
  // Its types.
  using EncapsulationKey = MlKemEncapsulationKey<set>;
  using DecapsulationKey = MlKemDecapsulationKey<set>;
  using Encapsulation = MlKemEncapsulation<set>;

  // For people.
  static constexpr const char* kName = set == MlKem::k512   ? "ML-KEM-512"
                                       : set == MlKem::k768 ? "ML-KEM-768"
                                                            : "ML-KEM-1024";
  // draft-ietf-hpke-pq, section 4
  static constexpr std::uint16_t kHpkeId = set == MlKem::k512   ? 0x0040
                                           : set == MlKem::k768 ? 0x0041
                                                                : 0x0042;
  // Sizes in bytes.
  static constexpr std::size_t kEncapsulationKeySize = sizes_of(set).encapsulation_key;
  static constexpr std::size_t kSeedSize = latchkey::kSeedSize;
  static constexpr std::size_t kCiphertextSize = sizes_of(set).ciphertext;
  static_assert(kCiphertextSize > 0, "FIPS 203 has no such parameter set");

  // Of the weakest form in which a private key can be imported. Both forms, the 64-byte seed and
  // the expanded key with its hash checked, bind the same: K to the ciphertext, but not to the
  // encapsulation key, since two keys can share z, which decides what a wrong ciphertext gives.
  // If SHA3-256, SHA3-512 and SHAKE256 behave like random functions; docs/holding-kems.md has the
  // argument, the sources and other KEMs.
  static constexpr BindingProfile kBinding = {.k_pk = BindsAgainst::leak,
                                              .k_ct = BindsAgainst::mal,
                                              .k_ct_pk = BindsAgainst::leak,
                                              .k_pk_ct = BindsAgainst::mal};
};
using MlKem512 = MlKemOf<MlKem::k512>;
using MlKem768 = MlKemOf<MlKem::k768>;
using MlKem1024 = MlKemOf<MlKem::k1024>;

// X-Wing (xwing.hpp).
struct XWing {
  // Its types.
  using EncapsulationKey = xwing::EncapsulationKey;
  using DecapsulationKey = xwing::DecapsulationKey;
  using Encapsulation = xwing::Encapsulation;

  // For people.
  static constexpr const char* kName = "X-Wing";
  static constexpr std::uint16_t kHpkeId = 0x647a;  // 25722, as the last number of its OID
  // Sizes in bytes.
  static constexpr std::size_t kEncapsulationKeySize = xwing::kEncapsulationKeySize;
  static constexpr std::size_t kSeedSize = xwing::kSeedSize;
  static constexpr std::size_t kCiphertextSize = xwing::kCiphertextSize;

  // Of the 32-byte key, its one form (section 6.1 of the draft), under the same assumption. The
  // combiner alone would not do: it leaves the key of ML-KEM out, and needs its z to be derived.
  static constexpr BindingProfile kBinding = {.k_pk = BindsAgainst::mal,
                                              .k_ct = BindsAgainst::mal,
                                              .k_ct_pk = BindsAgainst::mal,
                                              .k_pk_ct = BindsAgainst::mal};
};

// The Kem of a key's type: XWing for xwing::EncapsulationKey, for example. Other types have none.
template <class Key>
struct KemOf {};
// The Kem of ML-KEM's public keys.
template <MlKem set>
struct KemOf<MlKemEncapsulationKey<set>> {
  using Kem = MlKemOf<set>;  // that of both keys
};
// The Kem of ML-KEM's private keys.
template <MlKem set>
struct KemOf<MlKemDecapsulationKey<set>> {
  using Kem = MlKemOf<set>;  // that of both keys
};
// The Kem of X-Wing's public keys.
template <>
struct KemOf<xwing::EncapsulationKey> {
  using Kem = XWing;  // that of both keys
};
// The Kem of X-Wing's private keys.
template <>
struct KemOf<xwing::DecapsulationKey> {
  using Kem = XWing;  // that of both keys
};

// What all of them have: sizes, keys that are made, parsed and stored, a secret of
// kSharedSecretSize bytes, and a statement of what it binds.
template <class K>
concept Kem = requires(const typename K::EncapsulationKey& ek,
                       const typename K::DecapsulationKey& dk, std::span<const std::uint8_t> bytes,
                       std::span<std::uint8_t, K::kSeedSize> seed) {
  { K::kName } -> std::convertible_to<const char*>;
  { K::kHpkeId } -> std::convertible_to<std::uint16_t>;
  { K::kEncapsulationKeySize } -> std::convertible_to<std::size_t>;
  { K::kCiphertextSize } -> std::convertible_to<std::size_t>;
  { K::kBinding } -> std::same_as<const BindingProfile&>;
  requires K::kBinding.is_consistent();
  { K::EncapsulationKey::parse(bytes) } -> std::same_as<Result<typename K::EncapsulationKey>>;
  { ek.encapsulate() } -> std::same_as<Result<typename K::Encapsulation>>;
  { ek.bytes() } -> std::same_as<std::span<const std::uint8_t>>;
  { K::DecapsulationKey::generate() } -> std::same_as<Result<typename K::DecapsulationKey>>;
  { K::DecapsulationKey::from_seed(bytes) } -> std::same_as<Result<typename K::DecapsulationKey>>;
  { dk.decapsulate(bytes) } -> std::same_as<Result<SharedSecret>>;
  { dk.encapsulation_key() } -> std::same_as<const typename K::EncapsulationKey&>;
  { dk.export_seed(seed) } -> std::same_as<Result<void>>;
};

static_assert(Kem<MlKem512> && Kem<MlKem768> && Kem<MlKem1024> && Kem<XWing>);

}  // namespace latchkey

LATCHKEY_API_END
