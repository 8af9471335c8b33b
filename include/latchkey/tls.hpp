// The post-quantum key exchanges of TLS 1.3: the group X25519MLKEM768 (0x11ec; RFC 10024, earlier
// draft-ietf-tls-ecdhe-mlkem), secure as long as one of X25519 and ML-KEM-768 is; and the groups of
// ML-KEM alone (draft-ietf-tls-mlkem). tls_nist.hpp has the groups with P-256 and P-384.
//
//   auto client = latchkey::tls::ClientShare::generate();     // send client->bytes()
//   auto server = latchkey::tls::answer(client_share);        // send server->share
//   auto secret = std::move(*client).secret(server_share);    // the same as server->secret
//
// This is X25519MLKEM768, the usual choice. For another group, name it:
// ClientShareOf<Group::mlkem1024>, answer<Group::mlkem1024>(share).
//
// The shares are the key_exchange fields of the two key_share extensions. The secret, in locked
// memory, is the (EC)DHE input of TLS's key schedule, which binds it to the transcript. It is not a
// key. Other protocols should use xwing.hpp and bind.hpp.
//
// Send the alert illegal_parameter on these errors: encapsulation_key_length, not_reduced,
// ciphertext_length, low_order and bad_point. The rules at the top of mlkem.hpp hold here, too.
#pragma once

#include <type_traits>

#include "latchkey/export.h"
#include "latchkey/mlkem1024.hpp"
#include "latchkey/mlkem512.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey::tls {
struct ExchangeAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey::tls {

// The groups, by their numbers in TLS's registry of supported groups.
enum class Group : std::uint16_t {
  mlkem512 = 0x0200,             // MLKEM512
  mlkem768 = 0x0201,             // MLKEM768
  mlkem1024 = 0x0202,            // MLKEM1024
  secp256r1_mlkem768 = 0x11eb,   // SecP256r1MLKEM768, in tls_nist.hpp
  x25519_mlkem768 = 0x11ec,      // X25519MLKEM768
  secp384r1_mlkem1024 = 0x11ed,  // SecP384r1MLKEM1024, in tls_nist.hpp
};

inline constexpr std::uint16_t kX25519MlKem768 = 0x11ec;  // the group's number

// The parameter set of ML-KEM in a group.
constexpr MlKem mlkem_of(Group group) noexcept {
  switch (group) {
    case Group::mlkem512:
      return MlKem::k512;
    case Group::mlkem1024:
    case Group::secp384r1_mlkem1024:
      return MlKem::k1024;
    case Group::mlkem768:
    case Group::secp256r1_mlkem768:
    case Group::x25519_mlkem768:
      break;
  }
  return MlKem::k768;
}

// Sizes in bytes of a group's curve. Zeros for the groups of ML-KEM alone.
struct CurveSizes {
  std::size_t share;   // a public key: X25519's, or an uncompressed point
  std::size_t scalar;  // its private key
  std::size_t secret;  // the shared secret
};
// Those of a group.
constexpr CurveSizes curve_sizes_of(Group group) noexcept {
  switch (group) {
    case Group::secp256r1_mlkem768:
      return {65, 32, 32};
    case Group::x25519_mlkem768:
      return {32, 32, 32};
    case Group::secp384r1_mlkem1024:
      return {97, 48, 48};
    case Group::mlkem512:
    case Group::mlkem768:
    case Group::mlkem1024:
      break;
  }
  return {};
}

// Sizes in bytes. Each share and secret is the curve's half and then ML-KEM's. In X25519MLKEM768,
// ML-KEM's half is first.
struct ShareSizes {
  std::size_t client;  // an encapsulation key, and the curve's public key
  std::size_t server;  // a ciphertext, and the curve's public key
  std::size_t secret;  // ML-KEM's secret, and the curve's
};
// Those of a group.
constexpr ShareSizes sizes_of(Group group) noexcept {
  const MlKemSizes mlkem = latchkey::sizes_of(mlkem_of(group));
  const CurveSizes curve = curve_sizes_of(group);
  return {mlkem.encapsulation_key + curve.share, mlkem.ciphertext + curve.share,
          kSharedSecretSize + curve.secret};
}

namespace internal {
// Whether the included headers have the group.
template <Group group>
struct HasGroup : std::bool_constant<group != Group::secp256r1_mlkem768 &&
                                     group != Group::secp384r1_mlkem1024> {};
}  // namespace internal

// What a client sends, with the private keys that belong to it.
template <Group group>
class LATCHKEY_API ClientShareOf {
  static_assert(internal::HasGroup<group>::value,
                "This group needs libcrypto: include <latchkey/tls_nist.hpp>, and link the library "
                "latchkey-seal.");

 public:
  // With fresh randomness, for one connection. Errors: no_entropy, no_memory; with P-256 or P-384,
  // crypto_policy, crypto_failed.
  [[nodiscard]] static Result<ClientShareOf> generate() noexcept;

  // Empty, as if moved away.
  ClientShareOf() noexcept = default;

  // The share, sizes_of(group).client bytes, to be sent. They live as long as this object. Empty if
  // moved away.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND;
  std::span<const std::uint8_t> bytes() const&& = delete;

  // The secret, from the server's share. A client share is for one connection: this call empties
  // it, also on an error. A server's share that was made for another client gives a secret that
  // nobody else has, and no error. Errors: ciphertext_length, moved_from, no_memory; low_order, if
  // the server's X25519 key has low order; bad_point, if its P-256 or P-384 key is not an
  // uncompressed point on the curve; with P-256 or P-384, crypto_policy, crypto_failed.
  [[nodiscard]] Result<LockedBuffer> secret(std::span<const std::uint8_t> server_share) && noexcept;

  // False only under Policy::best_effort, or if empty.
  [[nodiscard]] bool is_locked() const noexcept;

 private:
  friend struct ExchangeAccess;

  std::array<std::uint8_t, sizes_of(group).client> bytes_{};
  MlKemDecapsulationKey<mlkem_of(group)> mlkem_;  // precomputed when it is made
  LockedBuffer scalar_;                           // of the curve, if there is one
};

// A server's share, and its secret.
template <Group group>
struct ServerShareOf {
  static_assert(internal::HasGroup<group>::value,
                "This group needs libcrypto: include <latchkey/tls_nist.hpp>, and link the library "
                "latchkey-seal.");

  std::array<std::uint8_t, sizes_of(group).server> share{};  // to be sent
  LockedBuffer secret;                                       // the same as the client's
};

// A server's share, and the secret, from the client's share. Errors: encapsulation_key_length;
// not_reduced, if the ML-KEM key fails the check of FIPS 203, section 7.2; low_order, if the X25519
// key has low order; bad_point, if the P-256 or P-384 key is not an uncompressed point on the
// curve; no_entropy, no_memory; with P-256 or P-384, crypto_policy, crypto_failed.
template <Group group = Group::x25519_mlkem768>
[[nodiscard]] LATCHKEY_API Result<ServerShareOf<group>> answer(
    std::span<const std::uint8_t> client_share) noexcept;

// ---- X25519MLKEM768

// Sizes in bytes.
inline constexpr std::size_t kClientShareSize = 1216;  // ek || X25519's public key
inline constexpr std::size_t kServerShareSize = 1120;  // ML-KEM's ciphertext || X25519's public key
inline constexpr std::size_t kSecretSize = 64;         // ML-KEM's secret || X25519's

// The client's side.
using ClientShare = ClientShareOf<Group::x25519_mlkem768>;
// The server's.
using ServerShare = ServerShareOf<Group::x25519_mlkem768>;

// The library latchkey has these, and latchkey-seal those of tls_nist.hpp.
extern template class ClientShareOf<Group::mlkem512>;
extern template class ClientShareOf<Group::mlkem768>;
extern template class ClientShareOf<Group::mlkem1024>;
extern template class ClientShareOf<Group::x25519_mlkem768>;

}  // namespace latchkey::tls

LATCHKEY_API_END
