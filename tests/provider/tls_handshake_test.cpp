// Handshakes by libssl with the provider's groups, and the alerts that malformed shares give.

#include <openssl/provider.h>

#include "provider/tls_shares.hpp"
#include "provider/tls_wire.hpp"

namespace latchkey::test {
namespace {

template <Group group>
struct Sides {
  Library library = library_with(kAllGroups);
  Side server = make_server(library.get(), kRowOf<group>.name);
  Side client = make_client(library.get(), kRowOf<group>.name);

  void require_handshake() const {
    End one(client.get(), false), other(server.get(), true);
    run(one, other);
    REQUIRE(one.is_done());
    REQUIRE(other.is_done());
    REQUIRE(group_of(one) == static_cast<int>(group));
    REQUIRE(group_of(other) == static_cast<int>(group));
    // Ours, also where libcrypto has such a group itself.
    EVP_PKEY* peer = nullptr;
    REQUIRE(SSL_get_peer_tmp_key(other.get(), &peer) == 1);
    const Key share(peer);
    const auto* const provider = EVP_PKEY_get0_provider(peer);
    REQUIRE(std::string(OSSL_PROVIDER_get0_name(provider)) == "latchkey");
    char text[6] = {};
    REQUIRE(SSL_write(one.get(), "hello", 5) == 5);
    other.step(one.step({}));
    REQUIRE(SSL_read(other.get(), text, 5) == 5);
    REQUIRE(std::string(text) == "hello");
  }
};

LATCHKEY_TEST_OF_GROUPS("libssl negotiates the group, seen on the wire and on both sides") {
  const Sides<group> sides;
  sides.require_handshake();
  End client(sides.client.get(), false), server(sides.server.get(), true);
  const Bytes hello = client.step({});
  REQUIRE(share_in(hello).size() == tls::sizes_of(group).client);
  const Bytes answer = server.step(hello);
  REQUIRE(share_in(answer).size() == tls::sizes_of(group).server);
}

// What a fresh server answers to a ClientHello.
int alert_to(SSL_CTX* side, View hello) {
  End server(side, true);
  server.step(hello);
  REQUIRE(server.has_failed());
  return server.fatal_alert();
}

LATCHKEY_TEST_OF_GROUPS("A server answers a malformed share with illegal_parameter, and lives on") {
  const Sides<group> sides;
  End client(sides.client.get(), false);
  const Bytes hello = client.step({});
  const Bytes good = share_in(hello);
  for (const BadShare& share : bad_client_shares<group>(good)) {
    CAPTURE(share.what);
    // libssl parses an empty share itself.
    REQUIRE(alert_to(sides.server.get(), with_share(hello, share.bytes)) ==
            (share.bytes.empty() ? SSL_AD_DECODE_ERROR : SSL_AD_ILLEGAL_PARAMETER));
  }
  REQUIRE(with_share(hello, good) == hello);
  sides.require_handshake();
}

LATCHKEY_TEST_OF_GROUPS("A share that ends behind its list is decode_error, by libssl itself") {
  const Sides<group> sides;
  End client(sides.client.get(), false);
  const Bytes hello = client.step({});
  const Bytes good = share_in(hello);
  const auto at = std::search(hello.begin(), hello.end(), good.begin(), good.end());
  REQUIRE(at != hello.end());
  for (const int change : {1, 256}) {
    Bytes changed = hello;
    const auto low = changed.begin() + (at - hello.begin()) - 1;
    const int size = (low[-1] << 8 | low[0]) + change;
    low[-1] = static_cast<std::uint8_t>(size >> 8);
    low[0] = static_cast<std::uint8_t>(size & 0xff);
    REQUIRE(alert_to(sides.server.get(), changed) == SSL_AD_DECODE_ERROR);
  }
  sides.require_handshake();
}

// What a client answers to a ServerHello with another share. The rest of the handshake is behind
// the ServerHello's record.
template <Group group>
int alert_to_server(const Sides<group>& sides, const std::function<Bytes(const Bytes&)>& change) {
  End client(sides.client.get(), false), server(sides.server.get(), true);
  const Bytes answer = server.step(client.step({}));
  client.step(with_share(answer, change(share_in(answer))));
  REQUIRE(client.has_failed());
  REQUIRE_FALSE(client.is_done());
  return client.fatal_alert();
}

// To what decapsulation refuses, libssl 3.0 answers with internal_error.
bool is_alert_for_server_share(int alert) {
  return alert == SSL_AD_INTERNAL_ERROR ||
         (OPENSSL_version_major() == 3 && OPENSSL_version_minor() >= 5 &&
          (alert == SSL_AD_ILLEGAL_PARAMETER || alert == SSL_AD_DECODE_ERROR));
}

LATCHKEY_TEST_OF_GROUPS("A client ends the handshake at a malformed server share") {
  const Sides<group> sides;
  End sample(sides.client.get(), false), other(sides.server.get(), true);
  const Bytes good = share_in(other.step(sample.step({})));
  const auto shares = bad_server_shares<group>(good);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const bool is_length = shares[i].error == Error::ciphertext_length;
    if (is_length && i > 2 && i % 100 != 0) continue;
    CAPTURE(shares[i].what);
    const int alert = alert_to_server<group>(sides, [&](const Bytes&) { return shares[i].bytes; });
    CAPTURE(alert);
    if (shares[i].bytes.empty()) {
      REQUIRE(alert == SSL_AD_DECODE_ERROR);
    } else {
      REQUIRE(is_alert_for_server_share(alert));
    }
  }
  sides.require_handshake();
}

LATCHKEY_TEST_OF_GROUPS("A server share of another exchange ends in a record that cannot be read") {
  const Sides<group> sides;
  const int alert = alert_to_server<group>(sides, [](Bytes share) {
    share[kMlKemAt<group>] ^= 1;
    return share;
  });
  REQUIRE(alert == SSL_AD_BAD_RECORD_MAC);
  sides.require_handshake();
}

// Prints alerts, to compare versions of libssl. Run by hand.
TEST_CASE("Alerts by this version of libssl", "[.table]") {
  constexpr Group kGroup = Group::x25519_mlkem768;
  const Sides<kGroup> sides;
  End client(sides.client.get(), false), server(sides.server.get(), true);
  const Bytes hello = client.step({});
  const Bytes client_share = share_in(hello), server_share = share_in(server.step(hello));
  std::printf("%s\n", OpenSSL_version(OPENSSL_VERSION));
  const auto print = [](const BadShare& share, const char* whose, int alert) {
    std::printf("%s share, %s: %s\n", whose, share.what.c_str(), SSL_alert_desc_string_long(alert));
  };
  const auto of_client = bad_client_shares<kGroup>(client_share);
  for (const std::size_t i :
       {std::size_t{0}, std::size_t{1}, std::size_t{kLongestShare}, of_client.size() - 1}) {
    print(of_client[i], "client",
          alert_to(sides.server.get(), with_share(hello, of_client[i].bytes)));
  }
  const auto of_server = bad_server_shares<kGroup>(server_share);
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}, of_server.size() - 1}) {
    print(of_server[i], "server",
          alert_to_server<kGroup>(sides, [&](const Bytes&) { return of_server[i].bytes; }));
  }
}

}  // namespace
}  // namespace latchkey::test
