// The provider's TLS keys and the public C++ API have the same groups; and the test for points of
// low order is that of X25519 itself.

#include "provider/low_order.hpp"
#include "provider/tls_library.hpp"
#include "provider/tls_shares.hpp"
#include "seal/support.hpp"

namespace latchkey::test {
namespace {

constexpr int kExchanges = 1000;

LATCHKEY_TEST_OF_GROUPS("The provider answers clients of the C++ API, with the same secret") {
  const Library library = library_with(kAllGroups);
  for (int i = 0; i < kExchanges; ++i) {
    auto client = tls::ClientShareOf<group>::generate();
    REQUIRE(client.has_value());
    const Key peer = empty_key<group>(library.get());
    REQUIRE(take_share(peer.get(), client->bytes()));
    const Encapsulated sent = encapsulate(library.get(), peer.get());
    REQUIRE(sent.secret == secret_of(std::move(*client), sent.share));
  }
}

LATCHKEY_TEST_OF_GROUPS("The C++ API answers clients of the provider, with the same secret") {
  const Library library = library_with(kAllGroups);
  for (int i = 0; i < kExchanges; ++i) {
    const Key client = client_key<group>(library.get());
    const auto server = tls::answer<group>(share_of(client.get()));
    REQUIRE(server.has_value());
    const Bytes secret = decapsulate(library.get(), client.get(), server->share);
    REQUIRE(secret == secret_of(server->secret));
    REQUIRE(secret == decapsulate(library.get(), client.get(), server->share));
  }
}

bool gives_zeros(const Bytes& point, Random& random) {
  return openssl::x25519_shared(random.vector(32), point) == openssl::X25519{};
}

void compare(const Bytes& point, Random& random) {
  CAPTURE(point);
  REQUIRE(provider::is_low_order_vartime(base::In<32>(point.data(), 32)) ==
          gives_zeros(point, random));
}

// A small number, or one at the end of the encodings: 2^256 - 1 - n; with the high bit of `top`.
Bytes encoding(std::uint8_t n, bool at_end, std::uint8_t top) {
  Bytes point(32, at_end ? 0xff : 0);
  point[0] = static_cast<std::uint8_t>(at_end ? 0xff - n : n);
  point[31] = static_cast<std::uint8_t>((point[31] & 0x7f) | top);
  return point;
}

TEST_CASE("A point has low order where X25519 gives zeros") {
  Random random;
  for (const Bytes& point : low_order_points()) {
    REQUIRE(gives_zeros(point, random));
    compare(point, random);
    for (std::size_t bit = 0; bit < 256; ++bit) {
      Bytes near = point;
      near[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      compare(near, random);
    }
  }
  for (unsigned n = 0; n < 64; ++n) {
    for (const std::uint8_t top : {0, 0x80}) {
      compare(encoding(static_cast<std::uint8_t>(n), false, top), random);
      compare(encoding(static_cast<std::uint8_t>(n), true, top), random);
    }
  }
  for (int i = 0; i < 2000; ++i) compare(random.vector(32), random);
}

}  // namespace
}  // namespace latchkey::test
