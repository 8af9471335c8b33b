// What the tests of TLS's groups share: a handshake from randomness, and what its curve's half
// should be.
#pragma once

#include "crypto/nist_curve.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "latchkey/tls_nist.hpp"
#include "seal/support.hpp"
#include "support/openssl_x25519.hpp"

namespace latchkey::test {

using tls::Group;

// A test case that runs for each group, as `group`.
#define LATCHKEY_TEST_OF_GROUPS(name)                                                  \
  TEMPLATE_TEST_CASE_SIG(                                                              \
      name, "", ((latchkey::tls::Group group), group), latchkey::tls::Group::mlkem512, \
      latchkey::tls::Group::mlkem768, latchkey::tls::Group::mlkem1024,                 \
      latchkey::tls::Group::secp256r1_mlkem768, latchkey::tls::Group::x25519_mlkem768, \
      latchkey::tls::Group::secp384r1_mlkem1024)

constexpr bool is_nist(Group group) {
  return group == Group::secp256r1_mlkem768 || group == Group::secp384r1_mlkem1024;
}
constexpr crypto::Curve curve_of(Group group) {
  return group == Group::secp256r1_mlkem768 ? crypto::Curve::p256 : crypto::Curve::p384;
}

// The two halves in their order.
inline Bytes joined(Group group, View mlkem, View curve) {
  const bool is_mlkem_first = group == Group::x25519_mlkem768;
  Bytes whole = copy_of(is_mlkem_first ? mlkem : curve);
  const View rest = is_mlkem_first ? curve : mlkem;
  whole.insert(whole.end(), rest.begin(), rest.end());
  return whole;
}
// The halves of a share or secret, in which the curve's half has `size` bytes.
inline Bytes curve_half(Group group, View whole, std::size_t size) {
  return copy_of(group == Group::x25519_mlkem768 ? whole.last(size) : whole.first(size));
}
inline Bytes mlkem_half(Group group, View whole, std::size_t size) {
  return copy_of(group == Group::x25519_mlkem768 ? whole.first(whole.size() - size)
                                                 : whole.subspan(size));
}

inline Bytes secret_of(const LockedBuffer& buffer) {
  REQUIRE(buffer.is_locked());
  return copy_of(buffer);
}

template <Group group>
Bytes secret_of(tls::ClientShareOf<group> client, View server_share) {
  const auto secret = std::move(client).secret(Exact(server_share));
  CAPTURE(secret ? "" : describe(secret.error()));
  REQUIRE(secret.has_value());
  return secret_of(*secret);
}

// Both sides, from randomness.
template <Group group>
struct GroupHandshake {
  static constexpr tls::CurveSizes kCurve = tls::curve_sizes_of(group);
  using Client = typename derand::TlsRandomness<group>::Client;
  using Server = typename derand::TlsRandomness<group>::Server;

  explicit GroupHandshake(Random& random)
      : client_randomness(randomness<Client::extent>(random)),
        server_randomness(randomness<Server::extent>(random)),
        client(begin().value()),
        client_share(copy_of(client.bytes())),
        server(answer(client_share).value()),
        server_share(copy_of(server.share)) {}

  // Ends with a scalar that is below the order of each curve.
  template <std::size_t size>
  static Bytes randomness(Random& random) {
    Bytes bytes = random.vector(size);
    if (kCurve.scalar != 0) bytes[size - kCurve.scalar] &= 0x7f;
    return bytes;
  }
  [[nodiscard]] Result<tls::ClientShareOf<group>> begin() const {
    return derand::tls_client_share<group>(View(client_randomness).first<Client::extent>());
  }
  [[nodiscard]] Result<tls::ServerShareOf<group>> answer(View share) const {
    return derand::tls_answer<group>(share, View(server_randomness).first<Server::extent>());
  }

  Bytes client_randomness, server_randomness;
  tls::ClientShareOf<group> client;
  Bytes client_share;
  tls::ServerShareOf<group> server;
  Bytes server_share;
};

}  // namespace latchkey::test
