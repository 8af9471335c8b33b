// Fresh scalars of P-256 and P-384 are drawn until one is in range. The test sets the first random
// bytes.

#include <sys/types.h>

#include <algorithm>

#include "hybrid/tls_groups.hpp"

namespace {

// getrandom() fills one call with each of these bytes, before it gives the system's randomness.
std::vector<std::uint8_t> all_bytes;
int calls = 0;

}  // namespace

extern "C" {

ssize_t __real_getrandom(void* to, std::size_t size, unsigned flags);

// The linker sends the library's calls here.
ssize_t __wrap_getrandom(void* to, std::size_t size, unsigned flags) {
  ++calls;
  if (all_bytes.empty()) return __real_getrandom(to, size, flags);
  std::fill_n(static_cast<std::uint8_t*>(to), size, all_bytes.front());
  all_bytes.erase(all_bytes.begin());
  return static_cast<ssize_t>(size);
}

}  // extern "C"

namespace latchkey::test {
namespace {

template <Group group>
void require_drawn_again() {
  constexpr tls::CurveSizes kCurve = tls::curve_sizes_of(group);
  // Above the order, zero, above the order again; then a valid scalar.
  const std::vector<std::uint8_t> draws = {0xff, 0x00, 0xff, 0x11};
  Bytes point(kCurve.share);
  const Bytes scalar(kCurve.scalar, 0x11);
  REQUIRE(crypto::nist_public_key(curve_of(group), scalar, point).has_value());
  const auto warm = tls::ClientShareOf<group>::generate();
  REQUIRE(warm.has_value());

  all_bytes = draws;
  calls = 0;
  const auto client = tls::ClientShareOf<group>::generate();
  REQUIRE(client.has_value());
  REQUIRE(all_bytes.empty());
  REQUIRE(calls == static_cast<int>(draws.size()));
  REQUIRE(curve_half(group, client->bytes(), kCurve.share) == point);

  all_bytes = draws;
  calls = 0;
  const auto server = tls::answer<group>(warm->bytes());
  REQUIRE(server.has_value());
  REQUIRE(calls == static_cast<int>(draws.size()));
  REQUIRE(curve_half(group, server->share, kCurve.share) == point);
}

TEST_CASE("A random number that is not a valid scalar is drawn again") {
  require_drawn_again<Group::secp256r1_mlkem768>();
  require_drawn_again<Group::secp384r1_mlkem1024>();
}

}  // namespace
}  // namespace latchkey::test
