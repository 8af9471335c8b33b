// The key exchange X25519MLKEM768 of TLS 1.3 (group 0x11ec; RFC 10024, earlier
// draft-ietf-tls-ecdhe-mlkem): safe as long as one of X25519 and ML-KEM-768 is.
//
//   auto client = latchkey::tls::ClientShare::generate();     // client->bytes(): the ClientHello's
//   auto server = latchkey::tls::answer(client_share);        // server->share: the ServerHello's
//   auto secret = std::move(*client).secret(server_share);    // the same as server->secret
//
// The shares are the key_exchange fields of the two key_share extensions. The secret, of 64 bytes
// in locked memory, is what TLS's key schedule takes where it says (EC)DHE. It is no key yet, and
// the key schedule binds it to the transcript: other protocols do better with xwing.hpp and
// bind.hpp.
//
// Where TLS asks for the alert illegal_parameter, the errors are encapsulation_key_length,
// not_reduced, ciphertext_length and low_order. What the head of mlkem.hpp says holds here, too.
#pragma once

#include "latchkey/export.h"
#include "latchkey/mlkem768.hpp"

namespace latchkey::tls {
struct ExchangeAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey::tls {

inline constexpr std::uint16_t kX25519MlKem768 = 0x11ec;  // the group's number

// Sizes in bytes.
inline constexpr std::size_t kClientShareSize = 1216;  // ek || X25519's public key
inline constexpr std::size_t kServerShareSize = 1120;  // ML-KEM's ciphertext || X25519's public key
inline constexpr std::size_t kSecretSize = 64;         // ML-KEM's secret || X25519's

// What a client sends, and the private half of it.
class ClientShare {
 public:
  // With fresh randomness, for one connection. Errors: no_entropy, no_memory.
  [[nodiscard]] static Result<ClientShare> generate() noexcept;

  // Empty, as if moved away.
  ClientShare() noexcept = default;

  // kClientShareSize bytes, to be sent. They live as long as this object. Empty if moved away.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND;
  std::span<const std::uint8_t> bytes() const&& = delete;

  // The secret, from the server's share. A share is for one connection: this empties it, also on an
  // error. A server's share that was not made for it gives a secret that nobody else has, and
  // no error. Errors: ciphertext_length, moved_from, no_memory; low_order, if the X25519 half
  // is one that no honest server makes.
  [[nodiscard]] Result<LockedBuffer> secret(std::span<const std::uint8_t> server_share) && noexcept;

  // False only under Policy::best_effort, or if empty.
  [[nodiscard]] bool is_locked() const noexcept;

 private:
  friend struct ExchangeAccess;

  std::array<std::uint8_t, kClientShareSize> bytes_{};
  DecapsulationKey mlkem_;  // precomputed when it is made
  LockedBuffer x25519_;
};

// What a server answers, and what it has of it.
struct ServerShare {
  std::array<std::uint8_t, kServerShareSize> share{};  // to be sent
  LockedBuffer secret;                                 // kSecretSize bytes, as the client's
};

// A server's share, and the secret, from the client's share. Errors: encapsulation_key_length;
// not_reduced, if the ML-KEM half fails the check of FIPS 203, section 7.2; low_order, if the
// X25519 half is one that no honest client makes; no_entropy, no_memory.
[[nodiscard]] Result<ServerShare> answer(std::span<const std::uint8_t> client_share) noexcept;

}  // namespace latchkey::tls

LATCHKEY_API_END
