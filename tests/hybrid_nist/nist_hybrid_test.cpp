// MLKEM768-P256 and MLKEM1024-P384 as their users meet them; the vectors are
// kat/seal/hpke-pq-kems.rsp and kat/seal/nist-hybrid.rsp.

#include "latchkey/mlkem_nist.hpp"

#include "hybrid_nist/scalar.hpp"
#include "latchkey/derand_seal.hpp"
#include "seal/support.hpp"

namespace latchkey::test {
namespace {

using crypto::Curve;

template <class K>
constexpr NistHybridSizes kSizes{sizes_of(static_cast<NistHybrid>(K::kHpkeId))};
template <class K>
constexpr Curve kCurve{K::kHpkeId == MlKem768P256::kHpkeId ? Curve::p256 : Curve::p384};

template <class K>
struct Pair {
  explicit Pair(Random& random)
      : seed(random.vector(K::kSeedSize)),
        key(K::DecapsulationKey::from_seed(seed).value()),
        ek(copy_of(key.encapsulation_key().bytes())) {}
  Bytes seed;
  typename K::DecapsulationKey key;
  Bytes ek;
};

// f<K>(random) for both hybrids.
#define LATCHKEY_EACH_HYBRID(f) \
  Random random;                \
  f<MlKem768P256>(random);      \
  f<MlKem1024P384>(random)

template <class K>
void require_exchange(Random&) {
  for (int i = 0; i < 5; ++i) {
    const auto key = K::DecapsulationKey::generate(i == 0 ? PairwiseTest::run : PairwiseTest::skip);
    REQUIRE(key.has_value());
    const auto parsed = K::EncapsulationKey::parse(Exact(key->encapsulation_key().bytes()));
    REQUIRE(parsed.has_value());
    REQUIRE(copy_of(parsed->bytes()) == copy_of(key->encapsulation_key().bytes()));
    const auto sent = parsed->encapsulate();
    REQUIRE(sent.has_value());
    require_secret(key->decapsulate(Exact(sent->ciphertext)), copy_of(sent->secret));
    REQUIRE(key->is_locked());
    REQUIRE(sent->secret.is_locked());
    const auto another = parsed->encapsulate();
    REQUIRE(another->ciphertext != sent->ciphertext);
    REQUIRE(copy_of(another->secret) != copy_of(sent->secret));
  }
}

TEST_CASE("What a hybrid of ML-KEM and a NIST curve encapsulates, it decapsulates") {
  LATCHKEY_EACH_HYBRID(require_exchange);
}

template <class K>
void require_that_secret_is_hash(Random& random) {
  const Pair<K> alice(random);
  const Bytes randomness = random.vector(kSizes<K>.randomness);
  const auto sent = derand::encapsulate(
      alice.key.encapsulation_key(),
      typename K::EncapsulationKey::Randomness(randomness.data(), randomness.size()));
  REQUIRE(sent.has_value());
  constexpr MlKem kSet = sizes_of(static_cast<NistHybrid>(K::kHpkeId)).mlkem;
  const View ek = alice.ek, ek_T = ek.last(kSizes<K>.point);
  const auto ek_PQ = MlKemEncapsulationKey<kSet>::parse(ek.first(sizes_of(kSet).encapsulation_key));
  const auto half = derand::encapsulate(*ek_PQ, View(randomness).first<32>());
  const View scalar = View(randomness).subspan(32, kSizes<K>.scalar);
  Bytes ct_T(kSizes<K>.point), ss_T(kSizes<K>.scalar);
  REQUIRE(crypto::nist_public_key(kCurve<K>, scalar, ct_T).has_value());
  REQUIRE(crypto::nist_shared_secret(kCurve<K>, scalar, ek_T, ss_T).has_value());
  Bytes ct = copy_of(half->ciphertext);
  ct.insert(ct.end(), ct_T.begin(), ct_T.end());
  REQUIRE(ct == copy_of(sent->ciphertext));
  Bytes input = copy_of(half->secret);
  const std::string_view label = K::kName;
  for (const View part : {View(ss_T), View(ct_T), ek_T, bytes_of(label)}) {
    input.insert(input.end(), part.begin(), part.end());
  }
  REQUIRE(copy_of(sent->secret) == h(input));
}

TEST_CASE("The secret of a NIST hybrid is the hash of both halves and of the curve's points") {
  LATCHKEY_EACH_HYBRID(require_that_secret_is_hash);
}

// Invalid encodings, made from `point`, which is a valid one.
std::vector<Bytes> bad_points(const Bytes& point) {
  std::vector<Bytes> points;
  for (const std::uint8_t prefix : {0, 1, 2, 3, 5, 6, 7, 255}) {
    points.push_back(point);
    points.back()[0] = prefix;
  }
  for (const std::size_t at : {std::size_t{1}, point.size() / 2, point.size() - 1}) {
    points.push_back(point);
    points.back()[at] ^= 1;
  }
  points.push_back(Bytes(point.size()));  // infinity is a single byte 0
  points.push_back(Bytes(point.size(), 0xff));
  points.push_back(Bytes(point.size()));
  points.back()[0] = 4;
  return points;
}

template <class K>
void require_that_points_are_checked(Random& random) {
  const Pair<K> alice(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  const auto size = static_cast<std::ptrdiff_t>(kSizes<K>.point);
  const Bytes of_key(alice.ek.end() - size, alice.ek.end()),
      of_ct(sent->ciphertext.end() - size, sent->ciphertext.end());
  for (const Bytes& point : bad_points(of_key)) {
    Bytes ek = alice.ek;
    std::ranges::copy(point, ek.end() - size);
    require_error(K::EncapsulationKey::parse(ek), Error::bad_point);
  }
  for (const Bytes& point : bad_points(of_ct)) {
    Bytes ct = copy_of(sent->ciphertext);
    std::ranges::copy(point, ct.end() - size);
    require_error(alice.key.decapsulate(ct), Error::bad_point);
  }
}

TEST_CASE("Both sides of a NIST hybrid refuse what is not a point on the curve") {
  LATCHKEY_EACH_HYBRID(require_that_points_are_checked);
}

template <class K>
void require_another_secret(Random& random) {
  const Pair<K> alice(random), bob(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  const Bytes secret = copy_of(sent->secret);
  for (const std::size_t i :
       {std::size_t{0}, std::size_t{500}, kSizes<K>.ciphertext - kSizes<K>.point - 1}) {
    Bytes changed = copy_of(sent->ciphertext);
    changed[i] ^= 1;
    const auto opened = alice.key.decapsulate(changed);
    REQUIRE(opened.has_value());
    REQUIRE(copy_of(*opened) != secret);
  }
  Bytes with_other_point = copy_of(sent->ciphertext);
  const auto size = static_cast<std::ptrdiff_t>(kSizes<K>.point);
  std::copy(bob.ek.end() - size, bob.ek.end(), with_other_point.end() - size);
  REQUIRE(copy_of(*alice.key.decapsulate(with_other_point)) != secret);
  REQUIRE(copy_of(*bob.key.decapsulate(sent->ciphertext)) != secret);
}

TEST_CASE("A changed ciphertext or another key gives another secret of a NIST hybrid, no error") {
  LATCHKEY_EACH_HYBRID(require_another_secret);
}

template <class K>
void require_sizes(Random& random) {
  const Pair<K> alice(random);
  for (const std::size_t size : {0u, 1u, 31u, 33u, 64u, 65u, 97u, 1088u, 1152u, 1154u, 1184u, 1248u,
                                 1250u, 1568u, 1664u, 1666u}) {
    const Exact bytes(random.vector(size));
    require_error(K::EncapsulationKey::parse(bytes), Error::encapsulation_key_length);
    require_error(K::DecapsulationKey::from_seed(bytes), Error::seed_length);
    require_error(alice.key.decapsulate(bytes), Error::ciphertext_length);
  }
  Bytes unreduced = alice.ek;
  set_coefficient(unreduced, 0, kQ);
  require_error(K::EncapsulationKey::parse(unreduced), Error::not_reduced);
}

TEST_CASE("A NIST hybrid refuses wrong sizes, and checks the ML-KEM half") {
  LATCHKEY_EACH_HYBRID(require_sizes);
}

template <class K>
void require_ownership(Random& random) {
  Pair<K> alice(random);
  std::array<std::uint8_t, 32> seed;
  REQUIRE(alice.key.export_seed(seed).has_value());
  REQUIRE(copy_of(seed) == alice.seed);
  auto clone = alice.key.encapsulation_key().clone();
  typename K::DecapsulationKey key = std::move(alice.key);
  const auto sent = clone->encapsulate();
  require_secret(key.decapsulate(sent->ciphertext), copy_of(sent->secret));
  typename K::EncapsulationKey ek = std::move(*clone);
  REQUIRE(copy_of(ek.bytes()) == alice.ek);

  require_error(alice.key.export_seed(seed), Error::moved_from);  // NOLINT: on purpose
  REQUIRE(copy_of(seed) == Bytes(32));
  require_error(alice.key.decapsulate(sent->ciphertext), Error::moved_from);
  require_error(clone->encapsulate(), Error::moved_from);
  require_error(clone->clone(), Error::moved_from);
  REQUIRE(clone->bytes().empty());
  REQUIRE_FALSE(alice.key.is_locked());

  purge();
  seed.fill(1);
  require_error(key.decapsulate(sent->ciphertext), Error::purged);
  require_error(key.export_seed(seed), Error::purged);
  REQUIRE(copy_of(seed) == Bytes(32));
}

TEST_CASE("Keys of NIST hybrids can be moved, cloned and purged, and an empty one says so") {
  LATCHKEY_EACH_HYBRID(require_ownership);
}

TEST_CASE("A scalar is the first candidate in range; without one, the error is bad_scalar") {
  const Bytes order256 = {0xff, 0xff, 0xff, 0xff, 0,    0,    0,    0,    0xff, 0xff, 0xff,
                          0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                          0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
  const Bytes zero(32), ones(32, 0xff);
  Bytes good = order256;
  good.back() -= 1;
  const auto joined = [](std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
  };
  for (const Bytes& bad : {zero, ones, order256}) {
    for (const auto& [seed, at] : {std::pair{joined({good, bad, bad}), 0},
                                   {joined({bad, good, bad}), 32},
                                   {joined({bad, bad, good}), 64}}) {
      const auto scalar = hybrid_nist::sample_scalar(Curve::p256, seed);
      REQUIRE(scalar.has_value());
      REQUIRE(scalar->data() == seed.data() + at);
      REQUIRE(scalar->size() == 32);
    }
    require_error(hybrid_nist::sample_scalar(Curve::p256, joined({bad, bad, bad})),
                  Error::bad_scalar);
  }
  require_error(hybrid_nist::sample_scalar(Curve::p384, Bytes(48)), Error::bad_scalar);
  require_error(hybrid_nist::sample_scalar(Curve::p384, Bytes(48, 0xff)), Error::bad_scalar);
  require_error(hybrid_nist::sample_scalar(Curve::p384, Bytes(47, 1)), Error::bad_scalar);
}

TEST_CASE("The profiles of the NIST hybrids are those that docs/holding-kems.md derives") {
  using enum BindsAgainst;
  constexpr BindingProfile kAll{.k_pk = mal, .k_ct = mal, .k_ct_pk = mal, .k_pk_ct = mal};
  STATIC_REQUIRE(MlKem768P256::kBinding == kAll);
  STATIC_REQUIRE(MlKem1024P384::kBinding == kAll);
}

}  // namespace
}  // namespace latchkey::test
