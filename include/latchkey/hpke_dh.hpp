// The classical KEMs of HPKE: DHKEM(P-256, HKDF-SHA256) and DHKEM(X25519, HKDF-SHA256) (RFC 9180,
// section 4.1). In the library latchkey-seal.
//
// Use them only to interoperate with programs that have nothing else, and for test vectors. A
// quantum computer breaks them, and can then decrypt what was recorded today. Use a KEM of kem.hpp
// or mlkem_nist.hpp if the other side has one.
//
//   namespace hpke = latchkey::hpke;
//   auto ek = hpke::DhKemX25519::EncapsulationKey::parse(received);   // 32 bytes
//   auto sender = hpke::setup_sender(*ek, {.info = "mail, version 1"});   // hpke.hpp
//
// The classes are like those of mlkem.hpp, and the rules at its top hold here, too. libcrypto
// computes P-256 and HKDF. Every call can fail with no_memory, crypto_failed or, if a policy
// forbids an algorithm, crypto_policy; the "Errors" below do not repeat these.
#pragma once

#include "latchkey/export.h"
#include "latchkey/kem.hpp"

namespace latchkey::hpke::internal {
struct DhAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey::hpke {

// The groups, by the numbers of their DHKEMs (RFC 9180, section 7.1).
enum class DhGroup : std::uint16_t { p256 = 0x0010, x25519 = 0x0020 };

// The size in bytes of a public key, and of a ciphertext: an uncompressed point of P-256, or the
// u-coordinate of X25519.
constexpr std::size_t element_size(DhGroup group) noexcept {
  return group == DhGroup::p256 ? 65 : 32;
}

// What encapsulate() makes.
template <DhGroup group>
struct DhEncapsulation {
  // What is sent to the owner of the private key (enc). Not secret.
  using Ciphertext = std::array<std::uint8_t, element_size(group)>;

  Ciphertext ciphertext{};  // to be sent
  SharedSecret secret;      // the same as decapsulate() gives
};

// A public key.
template <DhGroup group>
class LATCHKEY_API DhEncapsulationKey {
 public:
  // From its 65 or 32 bytes. Errors: encapsulation_key_length; for P-256 bad_point, if they are not
  // an uncompressed point on the curve.
  [[nodiscard]] static Result<DhEncapsulationKey> parse(
      std::span<const std::uint8_t> bytes) noexcept;

  // Empty, as if moved away.
  DhEncapsulationKey() noexcept = default;
  // Moving leaves the source empty.
  DhEncapsulationKey(DhEncapsulationKey&& other) noexcept
      : bytes_(other.bytes_), is_there_(std::exchange(other.is_there_, false)) {}
  DhEncapsulationKey& operator=(DhEncapsulationKey&& other) noexcept {
    const bool is_there = std::exchange(other.is_there_, false);
    bytes_ = other.bytes_;
    is_there_ = is_there;
    return *this;
  }

  // A second object for the same key. Errors: moved_from.
  [[nodiscard]] Result<DhEncapsulationKey> clone() const noexcept;

  // Encap() with fresh randomness. Errors: moved_from, no_entropy, no_memory; for X25519 low_order,
  // if the key has low order.
  [[nodiscard]] Result<DhEncapsulation<group>> encapsulate() const noexcept;

  // The bytes that parse() takes. They live as long as this object. Empty if moved away.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND;
  std::span<const std::uint8_t> bytes() const&& = delete;

 private:
  friend struct internal::DhAccess;

  std::array<std::uint8_t, element_size(group)> bytes_{};
  bool is_there_ = false;
};

// A private key.
template <DhGroup group>
class LATCHKEY_API DhDecapsulationKey {
 public:
  // The public half's type.
  using EncapsulationKey = DhEncapsulationKey<group>;

  // With fresh randomness. Errors: no_entropy, no_memory; with a test, inconsistent_key.
  [[nodiscard]] static Result<DhDecapsulationKey> generate(
      PairwiseTest test = PairwiseTest::skip) noexcept;

  // From the 32-byte key: the scalar of P-256, big-endian, or any 32 bytes for X25519. Errors:
  // seed_length, no_memory; bad_scalar, if the scalar is zero or not below the order of P-256; with
  // a test, no_entropy, inconsistent_key.
  [[nodiscard]] static Result<DhDecapsulationKey> from_seed(
      std::span<const std::uint8_t> seed, PairwiseTest test = PairwiseTest::skip) noexcept;

  // Empty, as if moved away.
  DhDecapsulationKey() noexcept = default;

  // Decap(). A `ciphertext` that was made for another key gives a secret that nobody else can
  // compute, and no error. Errors: ciphertext_length, moved_from, no_memory; for P-256 bad_point,
  // for X25519 low_order, as with a public key.
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
  friend struct internal::DhAccess;

  EncapsulationKey public_;
  latchkey::internal::SecretSlot scalar_;
};

// The library has these, and no other ones.
extern template class DhEncapsulationKey<DhGroup::p256>;
extern template class DhEncapsulationKey<DhGroup::x25519>;
extern template class DhDecapsulationKey<DhGroup::p256>;
extern template class DhDecapsulationKey<DhGroup::x25519>;

// A DHKEM as a Kem (kem.hpp).
template <DhGroup group>
struct DhKemOf {
  // Its types.
  using EncapsulationKey = DhEncapsulationKey<group>;
  using DecapsulationKey = DhDecapsulationKey<group>;
  using Encapsulation = DhEncapsulation<group>;

  // For display.
  static constexpr const char* kName =
      group == DhGroup::p256 ? "DHKEM(P-256, HKDF-SHA256)" : "DHKEM(X25519, HKDF-SHA256)";
  static constexpr std::uint16_t kHpkeId = static_cast<std::uint16_t>(group);
  // Sizes in bytes.
  static constexpr std::size_t kEncapsulationKeySize = element_size(group);
  static constexpr std::size_t kSeedSize = 32;
  static constexpr std::size_t kCiphertextSize = element_size(group);

  // The ciphertext and the receiver's public key are inputs of HKDF (ePrint 2023/1933, table 5).
  static constexpr BindingProfile kBinding = {.k_pk = BindsAgainst::mal,
                                              .k_ct = BindsAgainst::mal,
                                              .k_ct_pk = BindsAgainst::mal,
                                              .k_pk_ct = BindsAgainst::mal};
};
using DhKemP256 = DhKemOf<DhGroup::p256>;
using DhKemX25519 = DhKemOf<DhGroup::x25519>;

static_assert(Kem<DhKemP256> && Kem<DhKemX25519>);

}  // namespace latchkey::hpke

namespace latchkey {

// The Kem of a DHKEM's public keys.
template <hpke::DhGroup group>
struct KemOf<hpke::DhEncapsulationKey<group>> {
  using Kem = hpke::DhKemOf<group>;  // that of both keys
};
// The Kem of a DHKEM's private keys.
template <hpke::DhGroup group>
struct KemOf<hpke::DhDecapsulationKey<group>> {
  using Kem = hpke::DhKemOf<group>;  // that of both keys
};

}  // namespace latchkey

LATCHKEY_API_END
