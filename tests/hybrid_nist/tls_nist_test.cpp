// SecP256r1MLKEM768 and SecP384r1MLKEM1024 of TLS 1.3: the half that is a point, and scalars.

#include "hybrid/tls_groups.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/libcrypto.hpp"

namespace latchkey::test {
namespace {

#define LATCHKEY_TEST_OF_NIST_GROUPS(name)                                \
  TEMPLATE_TEST_CASE_SIG(name, "", ((latchkey::tls::Group group), group), \
                         latchkey::tls::Group::secp256r1_mlkem768,        \
                         latchkey::tls::Group::secp384r1_mlkem1024)

// What no honest party sends in place of a point.
std::vector<Bytes> bad_points(const Bytes& good) {
  std::vector<Bytes> points(8, good);
  points[0][0] = 2;  // compressed
  points[1][0] = 3;
  points[2][0] = 6;  // hybrid
  points[3][0] = 0;
  points[4].back() ^= 1;  // off the curve
  points[5][1] ^= 0x80;
  std::ranges::fill(points[6], std::uint8_t{0});            // infinity
  std::fill(points[7].begin() + 1, points[7].end(), 0xff);  // p or more
  return points;
}

LATCHKEY_TEST_OF_NIST_GROUPS("Both sides of TLS refuse what is not a point on the curve") {
  constexpr std::size_t kShare = tls::curve_sizes_of(group).share;
  Random random;
  const GroupHandshake<group> sample(random);
  for (const Bytes& point : bad_points(curve_half(group, sample.client_share, kShare))) {
    CAPTURE(point);
    GroupHandshake<group> both(random);
    std::ranges::copy(point, both.client_share.begin());
    std::ranges::copy(point, both.server_share.begin());
    require_error(tls::answer<group>(both.client_share), Error::bad_point);
    require_error(both.answer(both.client_share), Error::bad_point);
    require_error(std::move(both.client).secret(both.server_share), Error::bad_point);
  }
}

LATCHKEY_TEST_OF_NIST_GROUPS("Another point in a server's share gives another curve's secret") {
  constexpr tls::CurveSizes kCurve = tls::curve_sizes_of(group);
  Random random;
  GroupHandshake<group> both(random);
  const GroupHandshake<group> other(random);
  const Bytes right = secret_of(both.server.secret);
  std::copy_n(other.server_share.begin(), kCurve.share, both.server_share.begin());
  const Bytes got = secret_of(std::move(both.client), both.server_share);
  REQUIRE(mlkem_half(group, got, kCurve.secret) == mlkem_half(group, right, kCurve.secret));
  REQUIRE(curve_half(group, got, kCurve.secret) != curve_half(group, right, kCurve.secret));
}

LATCHKEY_TEST_OF_NIST_GROUPS("Randomness that does not end with a valid scalar is refused") {
  constexpr std::size_t kScalar = tls::curve_sizes_of(group).scalar;
  Random random;
  GroupHandshake<group> both(random);
  for (const std::uint8_t all : {0x00, 0xff}) {
    std::fill_n(both.client_randomness.end() - kScalar, kScalar, all);
    std::fill_n(both.server_randomness.end() - kScalar, kScalar, all);
    require_error(both.begin(), Error::bad_scalar);
    require_error(both.answer(both.client_share), Error::bad_scalar);
  }
}

// libcrypto has the groups as KEMs, from 3.5 on.
using Key = crypto::Owned<EVP_PKEY, EVP_PKEY_free>;
using Context = crypto::Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

const char* name_of(Group group) {
  return group == Group::secp256r1_mlkem768 ? "SecP256r1MLKEM768" : "SecP384r1MLKEM1024";
}
Key new_peer(Group group) {
  const bool is_there = Context(EVP_PKEY_CTX_new_from_name(nullptr, name_of(group), nullptr)) &&
                        OPENSSL_version_major() * 100 + OPENSSL_version_minor() >= 305;
  ERR_clear_error();
  if (!is_there) return nullptr;
  return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, name_of(group)));
}
Context context_of(const Key& key) {
  return Context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
}

LATCHKEY_TEST_OF_NIST_GROUPS("Latchkey and OpenSSL agree on a secret, if OpenSSL has the group") {
  if (!new_peer(group)) {
    WARN("this libcrypto has no " << name_of(group));
    return;
  }
  constexpr tls::ShareSizes kSizes = tls::sizes_of(group);
  for (int i = 0; i < 100; ++i) {
    Bytes theirs(kSizes.secret), share(kSizes.server);
    std::size_t size = theirs.size(), share_size = share.size();
    const Key client = new_peer(group);
    unsigned char* encoded = nullptr;
    const std::size_t encoded_size = EVP_PKEY_get1_encoded_public_key(client.get(), &encoded);
    const auto server = tls::answer<group>({encoded, encoded_size});
    OPENSSL_free(encoded);
    REQUIRE(server.has_value());
    const Context opens = context_of(client);
    REQUIRE(EVP_PKEY_decapsulate_init(opens.get(), nullptr) == 1);
    REQUIRE(EVP_PKEY_decapsulate(opens.get(), theirs.data(), &size, server->share.data(),
                                 server->share.size()) == 1);
    REQUIRE(theirs == secret_of(server->secret));

    auto ours = tls::ClientShareOf<group>::generate();
    const Key received(EVP_PKEY_new());
    REQUIRE(EVP_PKEY_copy_parameters(received.get(), client.get()) == 1);
    REQUIRE(EVP_PKEY_set1_encoded_public_key(received.get(), ours->bytes().data(),
                                             ours->bytes().size()) == 1);
    const Context seals = context_of(received);
    REQUIRE(EVP_PKEY_encapsulate_init(seals.get(), nullptr) == 1);
    REQUIRE(EVP_PKEY_encapsulate(seals.get(), share.data(), &share_size, theirs.data(), &size) ==
            1);
    REQUIRE(secret_of(std::move(*ours), share) == theirs);
  }
}

}  // namespace
}  // namespace latchkey::test
