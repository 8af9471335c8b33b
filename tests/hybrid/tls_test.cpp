// X25519MLKEM768 of TLS 1.3: against its parts, with X25519 by OpenSSL, and against OpenSSL's own,
// where that is there.

#include "latchkey/tls.hpp"

#include "hybrid/low_order.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "seal/oracle.hpp"

namespace latchkey::test {
namespace {

using tls::ClientShare;

constexpr std::size_t kX = 32;  // of X25519's keys and results

Bytes bytes_of(const LockedBuffer& buffer) {
  return buffer.read([](View bytes) { return copy_of(bytes); }).value();
}

Bytes secret_of(ClientShare client, View server_share) {
  const auto secret = std::move(client).secret(Exact(server_share));
  REQUIRE(secret.has_value());
  REQUIRE(secret->is_locked());
  return bytes_of(*secret);
}

// What OpenSSL makes of two keys of X25519; and the public key of one.
using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
Key x25519(View secret) {
  return {EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret.data(), secret.size()),
          EVP_PKEY_free};
}
Bytes public_x25519(View secret) {
  Bytes pub(kX);
  std::size_t size = kX;
  REQUIRE(EVP_PKEY_get_raw_public_key(x25519(secret).get(), pub.data(), &size) == 1);
  return pub;
}
using Context = std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)>;
Bytes x25519(View secret, View other_secret) {
  const Key mine = x25519(secret), other = x25519(other_secret);
  const Context context(EVP_PKEY_CTX_new(mine.get(), nullptr), EVP_PKEY_CTX_free);
  Bytes shared(kX);
  std::size_t size = kX;
  REQUIRE(EVP_PKEY_derive_init(context.get()) == 1);
  REQUIRE(EVP_PKEY_derive_set_peer(context.get(), other.get()) == 1);
  REQUIRE(EVP_PKEY_derive(context.get(), shared.data(), &size) == 1);
  return shared;
}

// Both sides, from randomness.
struct Handshake {
  explicit Handshake(Random& random)
      : client_randomness(random.vector(derand::kTlsClientRandomnessSize)),
        server_randomness(random.vector(derand::kTlsServerRandomnessSize)),
        client(derand::tls_client_share(
                   View(client_randomness).first<derand::kTlsClientRandomnessSize>())
                   .value()),
        client_share(copy_of(client.bytes())),
        server(answer(client_share).value()),
        server_share(copy_of(server.share)) {}

  [[nodiscard]] Result<tls::ServerShare> answer(View share) const {
    return derand::tls_answer(share,
                              View(server_randomness).first<derand::kTlsServerRandomnessSize>());
  }

  Bytes client_randomness, server_randomness;
  ClientShare client;
  Bytes client_share;
  tls::ServerShare server;
  Bytes server_share;
};

TEST_CASE("A TLS client and a TLS server come to one secret, and to another one each time") {
  Bytes before;
  for (int i = 0; i < 20; ++i) {
    auto client = ClientShare::generate();
    REQUIRE(client.has_value());
    REQUIRE(client->is_locked());
    REQUIRE(client->bytes().size() == tls::kClientShareSize);
    const auto server = tls::answer(Exact(client->bytes()));
    REQUIRE(server.has_value());
    REQUIRE(server->secret.is_locked());
    const Bytes secret = secret_of(std::move(*client), server->share);
    REQUIRE(secret.size() == tls::kSecretSize);
    REQUIRE(secret == bytes_of(server->secret));
    REQUIRE(secret != before);
    before = secret;
  }
}

TEST_CASE("TLS shares and secrets are ML-KEM's half, and then that of OpenSSL's X25519") {
  Random random;
  for (int i = 0; i < 20; ++i) {
    Handshake both(random);
    const View c = both.client_randomness, s = both.server_randomness;
    const auto mlkem = derand::keygen(c.first<32>(), c.subspan(32).first<32>());
    const auto sent = derand::encapsulate(mlkem->encapsulation_key(), s.first<32>());
    REQUIRE(both.client_share ==
            copy_of(mlkem->encapsulation_key().bytes()) + public_x25519(c.last(kX)));
    REQUIRE(both.server_share == copy_of(sent->ciphertext) + public_x25519(s.last(kX)));
    const Bytes secret = copy_of(sent->secret) + x25519(c.last(kX), s.last(kX));
    REQUIRE(bytes_of(both.server.secret) == secret);
    REQUIRE(secret_of(std::move(both.client), both.server_share) == secret);
  }
}

// libcrypto has the group as a KEM, from 3.5 on.
constexpr const char* kGroup = "X25519MLKEM768";

struct Peer {
  static bool is_there() {
    const bool there =
        Context(EVP_PKEY_CTX_new_from_name(nullptr, kGroup, nullptr), EVP_PKEY_CTX_free) != nullptr;
    if (!there) WARN("this libcrypto has no " << kGroup);
    return there;
  }
  static Context of(const Key& key) {
    return {EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr), EVP_PKEY_CTX_free};
  }
};

TEST_CASE("A TLS client of OpenSSL and our server come to one secret, where it has the group") {
  if (!Peer::is_there()) return;
  for (int i = 0; i < 100; ++i) {
    const Key client(EVP_PKEY_Q_keygen(nullptr, nullptr, kGroup), EVP_PKEY_free);
    unsigned char* encoded = nullptr;
    const std::size_t size = EVP_PKEY_get1_encoded_public_key(client.get(), &encoded);
    const auto server = tls::answer({encoded, size});
    OPENSSL_free(encoded);
    REQUIRE(server.has_value());
    const Context context = Peer::of(client);
    Bytes secret(tls::kSecretSize);
    std::size_t secret_size = secret.size();
    REQUIRE(EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1);
    REQUIRE(EVP_PKEY_decapsulate(context.get(), secret.data(), &secret_size, server->share.data(),
                                 server->share.size()) == 1);
    REQUIRE(secret == bytes_of(server->secret));
  }
}

TEST_CASE("Our TLS client and a server of OpenSSL come to one secret, where it has the group") {
  if (!Peer::is_there()) return;
  const Key any(EVP_PKEY_Q_keygen(nullptr, nullptr, kGroup), EVP_PKEY_free);
  for (int i = 0; i < 100; ++i) {
    auto client = ClientShare::generate();
    const Key received(EVP_PKEY_new(), EVP_PKEY_free);
    REQUIRE(EVP_PKEY_copy_parameters(received.get(), any.get()) == 1);
    REQUIRE(EVP_PKEY_set1_encoded_public_key(received.get(), client->bytes().data(),
                                             client->bytes().size()) == 1);
    const Context context = Peer::of(received);
    Bytes share(tls::kServerShareSize), secret(tls::kSecretSize);
    std::size_t share_size = share.size(), secret_size = secret.size();
    REQUIRE(EVP_PKEY_encapsulate_init(context.get(), nullptr) == 1);
    REQUIRE(EVP_PKEY_encapsulate(context.get(), share.data(), &share_size, secret.data(),
                                 &secret_size) == 1);
    REQUIRE(secret_of(std::move(*client), share) == secret);
  }
}

TEST_CASE("A changed TLS server share gives another secret, and no error") {
  Random random;
  for (const std::size_t at : {0u, 500u, 1087u, 1088u, 1100u, 1118u}) {
    Handshake both(random);
    const Bytes secret = bytes_of(both.server.secret);
    Bytes changed = both.server_share;
    changed[at] ^= 1;
    const Bytes got = secret_of(std::move(both.client), changed);
    const Bytes z(both.client_randomness.begin() + 32, both.client_randomness.begin() + 64);
    const bool in_mlkem = at < kCiphertextSize;
    CAPTURE(at);
    REQUIRE(copy_of(View(got).first(32)) ==
            (in_mlkem ? rejection_secret(z, View(changed).first(kCiphertextSize))
                      : copy_of(View(secret).first(32))));
    REQUIRE((copy_of(View(got).last(32)) == copy_of(View(secret).last(32))) == in_mlkem);
  }
}

TEST_CASE("TLS shares of any other size are refused") {
  Random random;
  for (const std::size_t size :
       {0u, 1u, 32u, 1088u, 1119u, 1121u, 1184u, 1215u, 1217u, 1248u, 2400u}) {
    const Exact bytes(random.vector(size));
    require_error(tls::answer(bytes), Error::encapsulation_key_length);
    require_error(std::move(*ClientShare::generate()).secret(bytes), Error::ciphertext_length);
  }
}

TEST_CASE("A TLS server checks the client's ML-KEM key") {
  Random random;
  Handshake both(random);
  set_coefficient(both.client_share, random.between<std::size_t>(0, kCoefficients - 1), kQ);
  require_error(tls::answer(both.client_share), Error::not_reduced);
  require_error(both.answer(both.client_share), Error::not_reduced);
}

TEST_CASE("X25519 keys of low order are refused by both sides of TLS") {
  Random random;
  for (const Bytes& point : low_order_points()) {
    Handshake both(random);
    std::ranges::copy(point, both.client_share.end() - kX);
    std::ranges::copy(point, both.server_share.end() - kX);
    require_error(tls::answer(both.client_share), Error::low_order);
    require_error(std::move(both.client).secret(both.server_share), Error::low_order);
  }
}

TEST_CASE("A TLS client share serves once, also where that fails") {
  Random random;
  for (const bool well : {true, false}) {
    Handshake both(random);
    const View share = View(both.server_share).first(well ? tls::kServerShareSize : 7);
    REQUIRE(std::move(both.client).secret(share).has_value() == well);
    REQUIRE(both.client.bytes().empty());  // NOLINT: on purpose
    REQUIRE_FALSE(both.client.is_locked());
    require_error(std::move(both.client).secret(both.server_share), Error::moved_from);
  }
  ClientShare none;
  REQUIRE(none.bytes().empty());
  require_error(std::move(none).secret({}), Error::moved_from);
}

TEST_CASE("A TLS client share may move before it is used") {
  Random random;
  Handshake both(random);
  ClientShare moved = std::move(both.client);
  REQUIRE(copy_of(moved.bytes()) == both.client_share);
  ClientShare assigned;
  assigned = std::move(moved);
  REQUIRE(secret_of(std::move(assigned), both.server_share) == bytes_of(both.server.secret));
}

TEST_CASE("purge() takes TLS client shares and secrets, too") {
  Random random;
  Handshake both(random);
  purge();
  require_error(both.server.secret.read([](View) {}), Error::purged);
  require_error(std::move(both.client).secret(both.server_share), Error::purged);
}

}  // namespace
}  // namespace latchkey::test
