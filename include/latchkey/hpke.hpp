// HPKE, hybrid public key encryption (RFC 9180), in base and PSK mode, with post-quantum KEMs
// (draft-ietf-hpke-pq) and with the classical KEMs of hpke_dh.hpp. In the library latchkey-seal.
//
//   namespace hpke = latchkey::hpke;
//   auto sender = hpke::setup_sender(peer_key, {.info = "mail, version 1"});
//   auto done = sender->context.seal_to(box, message, aad);         // ... send sender->enc and box
//   auto receiver = hpke::setup_receiver(my_key, enc, {.info = "mail, version 1"});
//   auto message = receiver->open(box, aad);                        // in locked memory
//
// HPKE does not authenticate the sender. Nor does it commit: its AEADs have ciphertexts that open
// under two keys, so a sender can make one that opens for two infos, two aads or two recipients,
// with different content. To seal messages, use seal.hpp, which commits to key, context and aad.
//
// Contexts keep their keys in locked memory (secret_memory.hpp) and are move-only; one context is
// for one thread at a time. The AEADs are libcrypto's, which has a copy of the key on the heap
// while a call runs, and wipes it.
#pragma once

#include <initializer_list>

#include "latchkey/bytes.hpp"
#include "latchkey/export.h"
#include "latchkey/hpke_dh.hpp"
#include "latchkey/kem.hpp"
#include "latchkey/mlkem_nist.hpp"

namespace latchkey::hpke::internal {
struct ScheduleAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey::hpke {

// The KDFs, by their registered numbers (RFC 9180, section 7, and draft-ietf-hpke-pq).
enum class Kdf : std::uint16_t {
  hkdf_sha256 = 0x0001,    // HKDF (RFC 5869) with SHA-256
  hkdf_sha384 = 0x0002,    // HKDF with SHA-384, for security category 5
  shake128 = 0x0010,       // SHAKE128 (FIPS 202)
  shake256 = 0x0011,       // SHAKE256, for security category 5
  turboshake128 = 0x0012,  // TurboSHAKE128 (RFC 9861): SHAKE with half the rounds
  turboshake256 = 0x0013   // TurboSHAKE256, for security category 5
};
// The AEADs, by their registered numbers.
enum class Aead : std::uint16_t {
  aes_128_gcm = 1,        // SP 800-38D, with a 16-byte key
  aes_256_gcm = 2,        // SP 800-38D, with a 32-byte key
  chacha20_poly1305 = 3,  // RFC 8439, with a 32-byte key
  export_only = 0xffff    // no AEAD: the context only exports secrets
};

// As the registries have them, "HKDF-SHA256" for example; "unknown" for another number. Never null.
[[nodiscard]] const char* name_of(Kdf kdf) noexcept;
[[nodiscard]] const char* name_of(Aead aead) noexcept;

// In bytes: what a ciphertext is longer than its plaintext.
inline constexpr std::size_t kTagSize = 16;
// In bytes: the most of info, psk, psk_id or an exporter context.
inline constexpr std::size_t kMaxParameter = 65'535;

// Bytes of the caller's, read while the call lasts.
using View = std::span<const std::uint8_t>;

// What both sides agree on. PSK mode is with a psk of 32 bytes or more and its name, psk_id; base
// mode, with neither.
struct Parameters {
  Kdf kdf = Kdf::hkdf_sha256;           // makes the keys
  Aead aead = Aead::chacha20_poly1305;  // seals the messages
  Input info = {};                      // what the messages are for
  Input psk = {};                       // a secret that both have already
  Input psk_id = {};                    // its name
};

namespace internal {

// What the two contexts share (RFC 9180, section 5.2).
class Context {
 public:
  // A secret of `size` bytes for another use (section 5.3). Both sides get the same.
  // Errors: too_long, if size is beyond what the KDF gives or the context beyond kMaxParameter.
  [[nodiscard]] Result<LockedBuffer> export_secret(View exporter_context,
                                                   std::size_t size) const noexcept;

 protected:
  friend struct ScheduleAccess;

  // Section 5.2: the nonce of a message, then one more message. The associated data is that of
  // the parts together.
  [[nodiscard]] Result<void> crypt(bool encrypt, std::span<std::uint8_t> out, View in,
                                   std::initializer_list<View> aad) noexcept;

  Kdf kdf_{};
  Aead aead_{};
  std::uint16_t kem_id_ = 0;
  std::uint64_t sequence_ = 0;
  LockedBuffer secrets_;  // key, base_nonce, exporter_secret
};

}  // namespace internal

// The sending side: seals messages in order.
class SenderContext : public internal::Context {
 public:
  // The next message, and its tag, to `box`, of kTagSize bytes more than the message. It may begin
  // where the message does; otherwise they may not overlap. Errors: moved_from; wrong_size, if
  // `box` is not of that size; too_long, beyond what the AEAD takes; sequence_overflow, after
  // 2^64 - 1 messages; export_only; crypto_failed. On an error `box` is zeroed unless its size is
  // above PTRDIFF_MAX, and the message, if that was not in the same place, may be sealed again.
  [[nodiscard]] Result<void> seal_to(std::span<std::uint8_t> box, View message, View aad) noexcept;
};

// The receiving side: opens messages in the order in which they were sealed.
class ReceiverContext : public internal::Context {
 public:
  // The next message, in locked memory. Errors: not_authentic, if box or aad was changed, or this
  // is not the message that is next, and then the one that is may still come; moved_from,
  // sequence_overflow, export_only, crypto_failed.
  [[nodiscard]] Result<LockedBuffer> open(View box, View aad) noexcept;
  // The same to `message`, of kTagSize bytes less than the box. It is zeroed on error, unless its
  // size is above PTRDIFF_MAX: that of a cut box, less kTagSize, went below zero.
  [[nodiscard]] Result<void> open_to(std::span<std::uint8_t> message, View box, View aad) noexcept;
};

namespace internal {

// The Kem of a public key's type.
template <class Key, class K = typename KemOf<Key>::Kem>
using KemOfPublic = std::enable_if_t<std::is_same_v<Key, typename K::EncapsulationKey>, K>;
// The Kem of a private key's type.
template <class Key, class K = typename KemOf<Key>::Kem>
using KemOfPrivate = std::enable_if_t<std::is_same_v<Key, typename K::DecapsulationKey>, K>;

// `type` is void for the KEMs that src/hpke has; for any other K, the program does not compile.
template <class K>
struct Provided {
  static_assert(
      std::is_same_v<K, MlKem512> || std::is_same_v<K, MlKem768> || std::is_same_v<K, MlKem1024> ||
          std::is_same_v<K, XWing> || std::is_same_v<K, MlKem768P256> ||
          std::is_same_v<K, MlKem1024P384> || std::is_same_v<K, DhKemP256> ||
          std::is_same_v<K, DhKemX25519>,
      "latchkey-seal has HPKE for latchkey::MlKem512, MlKem768, MlKem1024, XWing, MlKem768P256 and "
      "MlKem1024P384, and for hpke::DhKemP256 and DhKemX25519. For a Kem of your own, derive keys "
      "from its shared secret, or add it to src/hpke/kems.hpp.");
  using type = void;
};
// void, or an error of the compiler: see Provided.
template <class K>
using IfProvided = typename Provided<K>::type;

}  // namespace internal

// What setup_sender() makes.
template <Kem K>
struct Sender {
  std::array<std::uint8_t, K::kCiphertextSize> enc{};  // to be sent before the messages
  SenderContext context;                               // to seal them
};

// SetupBaseS() or SetupPSKS() (sections 5.1.1 and 5.1.2). Errors: those of encapsulate(); too_long,
// where a parameter is beyond kMaxParameter; bad_psk, where just one of psk and psk_id is there, or
// psk is shorter than 32 bytes; unknown_version, for a KDF or AEAD of another number.
//
// Here and below, K is MlKem512, MlKem768, MlKem1024, XWing, MlKem768P256, MlKem1024P384, DhKemP256
// or DhKemX25519. It is deduced from a key: setup_sender(key, parameters). K is not constrained by
// the concept Kem, because newer compilers put a concept into the symbol's name and older ones do
// not: their objects would not link.
template <class K, class = internal::IfProvided<K>>
[[nodiscard]] LATCHKEY_API Result<Sender<K>> setup_sender(const typename K::EncapsulationKey& key,
                                                          const Parameters& parameters) noexcept;
template <class Key, class K = internal::KemOfPublic<Key>>
[[nodiscard]] Result<Sender<K>> setup_sender(const Key& key,
                                             const Parameters& parameters) noexcept {
  return setup_sender<K, void>(key, parameters);
}

// SetupBaseR() or SetupPSKR(). A wrong key or enc shows when the first message is opened. Errors:
// those of decapsulate(), too_long, bad_psk, unknown_version.
template <class K, class = internal::IfProvided<K>>
[[nodiscard]] LATCHKEY_API Result<ReceiverContext> setup_receiver(
    const typename K::DecapsulationKey& key, View enc, const Parameters& parameters) noexcept;
template <class Key, class K = internal::KemOfPrivate<Key>>
[[nodiscard]] Result<ReceiverContext> setup_receiver(const Key& key, View enc,
                                                     const Parameters& parameters) noexcept {
  return setup_receiver<K, void>(key, enc, parameters);
}

// ---- Single-shot (RFC 9180, section 6): a context for one message, or for one secret

// Writes the one message and its tag to `box`, of kTagSize bytes more than the message, and returns
// enc. Errors: those of setup_sender() and SenderContext::seal_to(); then `box` is zeroed, or as it
// was.
template <class K, class = internal::IfProvided<K>>
[[nodiscard]] LATCHKEY_API Result<std::array<std::uint8_t, K::kCiphertextSize>> seal_to(
    const typename K::EncapsulationKey& key, const Parameters& parameters,
    std::span<std::uint8_t> box, View message, View aad) noexcept;
template <class Key, class K = internal::KemOfPublic<Key>>
[[nodiscard]] Result<std::array<std::uint8_t, K::kCiphertextSize>> seal_to(
    const Key& key, const Parameters& parameters, std::span<std::uint8_t> box, View message,
    View aad) noexcept {
  return seal_to<K, void>(key, parameters, box, message, aad);
}

// The one message that seal_to() sealed, in locked memory. Errors: those of setup_receiver() and
// ReceiverContext::open().
template <class K, class = internal::IfProvided<K>>
[[nodiscard]] LATCHKEY_API Result<LockedBuffer> open(const typename K::DecapsulationKey& key,
                                                     View enc, const Parameters& parameters,
                                                     View box, View aad) noexcept;
template <class Key, class K = internal::KemOfPrivate<Key>>
[[nodiscard]] Result<LockedBuffer> open(const Key& key, View enc, const Parameters& parameters,
                                        View box, View aad) noexcept {
  return open<K, void>(key, enc, parameters, box, aad);
}

// What send_export() makes.
template <Kem K>
struct Exported {
  std::array<std::uint8_t, K::kCiphertextSize> enc{};  // to be sent
  LockedBuffer secret;                                 // the same as receive_export() gives
};

// A secret of `size` bytes instead of a message: SendExport(). Errors: those of setup_sender() and
// export_secret().
template <class K, class = internal::IfProvided<K>>
[[nodiscard]] LATCHKEY_API Result<Exported<K>> send_export(const typename K::EncapsulationKey& key,
                                                           const Parameters& parameters,
                                                           View exporter_context,
                                                           std::size_t size) noexcept;
template <class Key, class K = internal::KemOfPublic<Key>>
[[nodiscard]] Result<Exported<K>> send_export(const Key& key, const Parameters& parameters,
                                              View exporter_context, std::size_t size) noexcept {
  return send_export<K, void>(key, parameters, exporter_context, size);
}

// ReceiveExport(). Errors: those of setup_receiver() and export_secret().
template <class K, class = internal::IfProvided<K>>
[[nodiscard]] LATCHKEY_API Result<LockedBuffer> receive_export(
    const typename K::DecapsulationKey& key, View enc, const Parameters& parameters,
    View exporter_context, std::size_t size) noexcept;
template <class Key, class K = internal::KemOfPrivate<Key>>
[[nodiscard]] Result<LockedBuffer> receive_export(const Key& key, View enc,
                                                  const Parameters& parameters,
                                                  View exporter_context,
                                                  std::size_t size) noexcept {
  return receive_export<K, void>(key, enc, parameters, exporter_context, size);
}

// ---- Keys

// DeriveKeyPair() of draft-ietf-hpke-pq: the key pair that belongs to `ikm`, a secret of any length
// with 32 random bytes or more. The KEM's own key, which export_seed() gives, is
//
//   SHAKE256(ikm || "HPKE-v1" || "KEM" || kHpkeId || 13 || "DeriveKeyPair" || size, size)
//
// where the three numbers have two bytes each, and size is kSeedSize. For the DHKEMs it is
// DeriveKeyPair() of RFC 9180, section 7.1.3. Errors: those of from_seed(); for the DHKEMs
// crypto_failed, crypto_policy.
template <class K, class = internal::IfProvided<K>>
[[nodiscard]] LATCHKEY_API Result<typename K::DecapsulationKey> derive_key_pair(View ikm) noexcept;

}  // namespace latchkey::hpke

LATCHKEY_API_END
