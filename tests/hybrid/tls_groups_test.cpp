// Each TLS group against its halves, which are computed separately; and what is refused.
// tls_test.cpp has more of X25519MLKEM768, and hybrid_nist/tls_nist_test.cpp of P-256 and P-384.

#include "hybrid/tls_groups.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("The groups of TLS have the numbers and sizes of their specifications") {
  struct Row {
    Group group;
    unsigned number;
    std::size_t client, server, secret;
  };
  const Row rows[] = {
      {Group::mlkem512, 0x0200, 800, 768, 32},
      {Group::mlkem768, 0x0201, 1184, 1088, 32},
      {Group::mlkem1024, 0x0202, 1568, 1568, 32},
      {Group::secp256r1_mlkem768, 0x11eb, 1249, 1153, 64},
      {Group::x25519_mlkem768, 0x11ec, 1216, 1120, 64},
      {Group::secp384r1_mlkem1024, 0x11ed, 1665, 1665, 80},
  };
  for (const Row& row : rows) {
    CAPTURE(row.number);
    const tls::ShareSizes sizes = tls::sizes_of(row.group);
    REQUIRE(static_cast<unsigned>(row.group) == row.number);
    REQUIRE(sizes.client == row.client);
    REQUIRE(sizes.server == row.server);
    REQUIRE(sizes.secret == row.secret);
  }
}

LATCHKEY_TEST_OF_GROUPS("Both sides of each TLS group agree on a secret, a new one each time") {
  constexpr tls::ShareSizes kSizes = tls::sizes_of(group);
  Bytes before;
  for (int i = 0; i < 5; ++i) {
    auto client = tls::ClientShareOf<group>::generate();
    REQUIRE(client.has_value());
    REQUIRE(client->is_locked());
    REQUIRE(client->bytes().size() == kSizes.client);
    const auto server = tls::answer<group>(Exact(client->bytes()));
    REQUIRE(server.has_value());
    REQUIRE(server->share.size() == kSizes.server);
    const Bytes secret = secret_of(std::move(*client), server->share);
    REQUIRE(secret.size() == kSizes.secret);
    REQUIRE(secret == secret_of(server->secret));
    REQUIRE(secret != before);
    before = secret;
  }
}

// The public key, and what two scalars agree on, of the group's curve.
Bytes public_point(Group group, View scalar) {
  if (scalar.empty()) return {};
  if (!is_nist(group)) return copy_of(openssl::x25519_public(scalar));
  Bytes point(crypto::point_size(curve_of(group)));
  REQUIRE(crypto::nist_public_key(curve_of(group), scalar, point).has_value());
  return point;
}
Bytes agreed(Group group, View scalar, View other) {
  if (scalar.empty()) return {};
  const Bytes peer = public_point(group, other);
  if (!is_nist(group)) return copy_of(openssl::x25519_shared(scalar, peer));
  Bytes x(crypto::scalar_size(curve_of(group)));
  REQUIRE(crypto::nist_shared_secret(curve_of(group), scalar, peer, x).has_value());
  return x;
}

LATCHKEY_TEST_OF_GROUPS("Shares and secrets of each group of TLS are its halves, in their order") {
  constexpr MlKem kSet = tls::mlkem_of(group);
  constexpr std::size_t kScalar = tls::curve_sizes_of(group).scalar;
  Random random;
  for (int i = 0; i < 5; ++i) {
    GroupHandshake<group> both(random);
    const View c = both.client_randomness, s = both.server_randomness;
    const auto key = derand::keygen<kSet>(c.template first<32>(), c.subspan(32).first<32>());
    const auto sent = derand::encapsulate(key->encapsulation_key(), s.template first<32>());
    const View mine = c.last(kScalar), theirs = s.last(kScalar);
    REQUIRE(both.client_share ==
            joined(group, key->encapsulation_key().bytes(), public_point(group, mine)));
    REQUIRE(both.server_share == joined(group, sent->ciphertext, public_point(group, theirs)));
    const Bytes secret = joined(group, copy_of(sent->secret), agreed(group, mine, theirs));
    REQUIRE(secret_of(both.server.secret) == secret);
    REQUIRE(secret_of(std::move(both.client), both.server_share) == secret);
  }
}

LATCHKEY_TEST_OF_GROUPS("A changed ciphertext in a share of TLS gives another secret, no error") {
  constexpr tls::CurveSizes kCurve = tls::curve_sizes_of(group);
  constexpr std::size_t kCiphertext = tls::sizes_of(group).server - kCurve.share;
  Random random;
  for (const std::size_t at : {std::size_t{0}, kCiphertext / 2, kCiphertext - 1}) {
    GroupHandshake<group> both(random);
    CAPTURE(at);
    Bytes ciphertext = mlkem_half(group, both.server_share, kCurve.share);
    ciphertext[at] ^= 1;
    const Bytes changed =
        joined(group, ciphertext, curve_half(group, both.server_share, kCurve.share));
    const Bytes z(both.client_randomness.begin() + 32, both.client_randomness.begin() + 64);
    const Bytes right = secret_of(both.server.secret);
    REQUIRE(
        secret_of(std::move(both.client), changed) ==
        joined(group, rejection_secret(z, ciphertext), curve_half(group, right, kCurve.secret)));
  }
}

LATCHKEY_TEST_OF_GROUPS("Shares of any other size are refused by each group of TLS") {
  Random random;
  for (const Group other :
       {Group::mlkem512, Group::mlkem768, Group::mlkem1024, Group::secp256r1_mlkem768,
        Group::x25519_mlkem768, Group::secp384r1_mlkem1024}) {
    for (const std::size_t size :
         {std::size_t{0}, tls::sizes_of(other).client, tls::sizes_of(other).server,
          tls::sizes_of(other).client + 1, tls::sizes_of(other).server - 1}) {
      CAPTURE(size);
      const Exact bytes(random.vector(size));
      if (size != tls::sizes_of(group).client) {
        require_error(tls::answer<group>(bytes), Error::encapsulation_key_length);
      }
      if (size != tls::sizes_of(group).server) {
        require_error(std::move(*tls::ClientShareOf<group>::generate()).secret(bytes),
                      Error::ciphertext_length);
      }
    }
  }
}

LATCHKEY_TEST_OF_GROUPS("A TLS server checks the client's ML-KEM key in each group") {
  constexpr std::size_t kShare = tls::curve_sizes_of(group).share;
  Random random;
  GroupHandshake<group> both(random);
  Bytes ek = mlkem_half(group, both.client_share, kShare);
  set_coefficient(ek, random.between<std::size_t>(0, (ek.size() - 32) / 3 * 2 - 1), kQ);
  const Bytes share = joined(group, ek, curve_half(group, both.client_share, kShare));
  require_error(tls::answer<group>(share), Error::not_reduced);
  require_error(both.answer(share), Error::not_reduced);
}

LATCHKEY_TEST_OF_GROUPS("A client share of each TLS group works once, even if the call fails") {
  Random random;
  for (const bool well : {true, false}) {
    GroupHandshake<group> both(random);
    const View share = View(both.server_share).first(well ? both.server_share.size() : 7);
    REQUIRE(std::move(both.client).secret(share).has_value() == well);
    REQUIRE(both.client.bytes().empty());  // NOLINT: on purpose
    REQUIRE_FALSE(both.client.is_locked());
    require_error(std::move(both.client).secret(both.server_share), Error::moved_from);
  }
  tls::ClientShareOf<group> none;
  REQUIRE(none.bytes().empty());
  REQUIRE_FALSE(none.is_locked());
  require_error(std::move(none).secret({}), Error::moved_from);
}

LATCHKEY_TEST_OF_GROUPS("A client share of each TLS group may be moved before it is used") {
  Random random;
  GroupHandshake<group> both(random);
  tls::ClientShareOf<group> moved = std::move(both.client);
  REQUIRE(copy_of(moved.bytes()) == both.client_share);
  tls::ClientShareOf<group> assigned;
  assigned = std::move(moved);
  REQUIRE(moved.bytes().empty());  // NOLINT: on purpose
  REQUIRE(secret_of(std::move(assigned), both.server_share) == secret_of(both.server.secret));
}

LATCHKEY_TEST_OF_GROUPS("purge() wipes client shares and secrets of each TLS group") {
  Random random;
  GroupHandshake<group> both(random);
  purge();
  require_error(both.server.secret.read([](View) {}), Error::purged);
  require_error(std::move(both.client).secret(both.server_share), Error::purged);
}

}  // namespace
}  // namespace latchkey::test
