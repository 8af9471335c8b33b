// HPKE's classical KEMs as their users meet them; the vectors are kat/seal/hpke-pq-kems.rsp.

#include "crypto/nist_curve.hpp"
#include "hybrid/low_order.hpp"
#include "latchkey/derand_seal.hpp"
#include "latchkey/hpke.hpp"
#include "seal/support.hpp"

namespace latchkey::test {
namespace {

using hpke::DhKemP256, hpke::DhKemX25519;

template <class K>
void require_exchange() {
  for (int i = 0; i < 5; ++i) {
    const auto key = K::DecapsulationKey::generate(i == 0 ? PairwiseTest::run : PairwiseTest::skip);
    REQUIRE(key.has_value());
    const auto parsed = K::EncapsulationKey::parse(Exact(key->encapsulation_key().bytes()));
    REQUIRE(parsed.has_value());
    const auto sent = parsed->encapsulate();
    REQUIRE(sent.has_value());
    require_secret(key->decapsulate(Exact(sent->ciphertext)), copy_of(sent->secret));
    REQUIRE(key->is_locked());
    const auto another = parsed->encapsulate();
    REQUIRE(another->ciphertext != sent->ciphertext);
    const auto other = K::DecapsulationKey::generate();
    REQUIRE(copy_of(*other->decapsulate(sent->ciphertext)) != copy_of(sent->secret));
  }
}

TEST_CASE("What a DHKEM encapsulates, it decapsulates") {
  require_exchange<DhKemP256>();
  require_exchange<DhKemX25519>();
}

template <class K>
void require_sizes(Random& random) {
  const auto key = K::DecapsulationKey::generate();
  for (const std::size_t size : {0u, 1u, 31u, 33u, 48u, 64u, 66u, 97u}) {
    const Exact bytes(random.vector(size));
    require_error(K::EncapsulationKey::parse(bytes), Error::encapsulation_key_length);
    require_error(K::DecapsulationKey::from_seed(bytes), Error::seed_length);
    require_error(key->decapsulate(bytes), Error::ciphertext_length);
  }
}

TEST_CASE("A DHKEM refuses keys and ciphertexts of the wrong size") {
  Random random;
  require_sizes<DhKemP256>(random);
  require_sizes<DhKemX25519>(random);
  const auto key = DhKemP256::DecapsulationKey::generate();
  require_error(DhKemP256::EncapsulationKey::parse(Bytes(32)), Error::encapsulation_key_length);
  require_error(key->decapsulate(Bytes(32)), Error::ciphertext_length);
}

TEST_CASE("Both sides of a DHKEM refuse what is not a point of P-256") {
  const auto key = DhKemP256::DecapsulationKey::generate();
  const Bytes point = copy_of(key->encapsulation_key().bytes());
  std::vector<Bytes> bad(5, point);
  bad[0][0] = 2;
  bad[1][0] = 6;
  bad[2][64] ^= 1;
  bad[3] = Bytes(65);
  bad[4] = Bytes(65, 0xff);
  bad[4][0] = 4;
  for (const Bytes& bytes : bad) {
    require_error(DhKemP256::EncapsulationKey::parse(bytes), Error::bad_point);
    require_error(key->decapsulate(bytes), Error::bad_point);
  }
}

TEST_CASE("A scalar of P-256 that is zero or not below its order makes no key") {
  Bytes order = {0xff, 0xff, 0xff, 0xff, 0,    0,    0,    0,    0xff, 0xff, 0xff,
                 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
  require_error(DhKemP256::DecapsulationKey::from_seed(order), Error::bad_scalar);
  require_error(DhKemP256::DecapsulationKey::from_seed(Bytes(32)), Error::bad_scalar);
  require_error(DhKemP256::DecapsulationKey::from_seed(Bytes(32, 0xff)), Error::bad_scalar);
  order.back() -= 1;
  REQUIRE(DhKemP256::DecapsulationKey::from_seed(order, PairwiseTest::run).has_value());
  REQUIRE(DhKemX25519::DecapsulationKey::from_seed(Bytes(32), PairwiseTest::run).has_value());
}

TEST_CASE("X25519 keys of low order are refused by both sides of a DHKEM") {
  const auto key = DhKemX25519::DecapsulationKey::generate();
  for (const Bytes& point : low_order_points()) {
    const auto parsed = DhKemX25519::EncapsulationKey::parse(point);
    REQUIRE(parsed.has_value());
    require_error(parsed->encapsulate(), Error::low_order);
    require_error(key->decapsulate(point), Error::low_order);
    require_error(hpke::setup_sender(*parsed, {}), Error::low_order);
    require_error(hpke::setup_receiver(*key, point, {}), Error::low_order);
  }
}

template <class K>
void require_ownership(Random& random) {
  auto key = hpke::derive_key_pair<K>(random.vector(32));
  REQUIRE(key.has_value());
  std::array<std::uint8_t, 32> seed;
  REQUIRE(key->export_seed(seed).has_value());
  const auto again = K::DecapsulationKey::from_seed(seed);
  REQUIRE(copy_of(again->encapsulation_key().bytes()) == copy_of(key->encapsulation_key().bytes()));
  auto clone = key->encapsulation_key().clone();
  const auto sent = clone->encapsulate();
  const typename K::DecapsulationKey moved = std::move(*key);
  require_secret(moved.decapsulate(sent->ciphertext), copy_of(sent->secret));
  require_error(key->decapsulate(sent->ciphertext), Error::moved_from);
  require_error(key->export_seed(seed), Error::moved_from);
  REQUIRE(copy_of(seed) == Bytes(32));
  REQUIRE(key->encapsulation_key().bytes().empty());
  REQUIRE_FALSE(key->is_locked());
  const typename K::EncapsulationKey ek = std::move(*clone);
  REQUIRE(ek.encapsulate().has_value());
  require_error(clone->encapsulate(), Error::moved_from);
  require_error(clone->clone(), Error::moved_from);
  REQUIRE(clone->bytes().empty());
  purge();
  require_error(moved.decapsulate(sent->ciphertext), Error::purged);
  require_error(moved.export_seed(seed), Error::purged);
}

TEST_CASE("Keys of a DHKEM can be moved, cloned and purged, and an empty one says so") {
  Random random;
  require_ownership<DhKemP256>(random);
  require_ownership<DhKemX25519>(random);
}

}  // namespace
}  // namespace latchkey::test
