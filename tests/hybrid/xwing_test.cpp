// X-Wing as its users meet it; the vectors are kat/seal/xwing.rsp.

#include "latchkey/xwing.hpp"
#include "latchkey/derand_hybrid.hpp"

#include "api/support.hpp"
#include "hybrid/low_order.hpp"
#include "support/openssl_x25519.hpp"

namespace latchkey::test {
namespace {

using xwing::DecapsulationKey;
using xwing::EncapsulationKey;

constexpr std::size_t kX = 32;  // of X25519's halves, at the end of keys and ciphertexts

struct Pair {
  explicit Pair(Random& random)
      : sk(random.vector(xwing::kSeedSize)),
        key(DecapsulationKey::from_seed(sk).value()),
        pk(copy_of(key.encapsulation_key().bytes())) {}
  Bytes sk;
  DecapsulationKey key;
  Bytes pk;
};

// SHA3-256(ss_M || ss_X || ct_X || pk_X || label), by OpenSSL.
Bytes combined(View ss_M, View ss_X, View ct_X, View pk_X) {
  Bytes input;
  const Bytes label = {'\\', '.', '/', '/', '^', '\\'};
  for (const View part : {ss_M, ss_X, ct_X, pk_X, View(label)}) {
    input.insert(input.end(), part.begin(), part.end());
  }
  return h(input);
}

TEST_CASE("What X-Wing encapsulates, it decapsulates") {
  Random random;
  for (int i = 0; i < 20; ++i) {
    const auto key = DecapsulationKey::generate(i == 0 ? PairwiseTest::run : PairwiseTest::skip);
    REQUIRE(key.has_value());
    const auto parsed = EncapsulationKey::parse(Exact(key->encapsulation_key().bytes()));
    REQUIRE(parsed.has_value());
    REQUIRE(copy_of(parsed->bytes()) == copy_of(key->encapsulation_key().bytes()));
    const auto sent = parsed->encapsulate();
    REQUIRE(sent.has_value());
    require_secret(key->decapsulate(Exact(sent->ciphertext)), copy_of(sent->secret));
    REQUIRE(key->is_locked());
    REQUIRE(sent->secret.is_locked());
  }
}

TEST_CASE("X-Wing's secret is the hash of both halves, of OpenSSL's and ours") {
  Random random;
  const Pair alice(random);
  const Bytes eseed = random.vector(xwing::kEncapsulationSeedSize);
  const auto sent = derand::encapsulate(alice.key.encapsulation_key(),
                                        View(eseed).first<xwing::kEncapsulationSeedSize>());
  REQUIRE(sent.has_value());
  const auto pk_M = latchkey::EncapsulationKey::parse(View(alice.pk).first(1184));
  const auto half = derand::encapsulate(*pk_M, View(eseed).first<32>());
  REQUIRE(copy_of(half->ciphertext) == copy_of(View(sent->ciphertext).first(1088)));

  const auto ct_X = openssl::x25519_public(View(eseed).last<32>());
  const auto ss_X = openssl::x25519_shared(View(eseed).last<32>(), View(alice.pk).last<32>());
  REQUIRE(copy_of(ct_X) == copy_of(View(sent->ciphertext).last(kX)));
  REQUIRE(copy_of(sent->secret) ==
          combined(copy_of(half->secret), ss_X, ct_X, View(alice.pk).last(kX)));
}

TEST_CASE("Any changed byte of an X-Wing ciphertext gives another secret, and no error") {
  Random random;
  const Pair alice(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  REQUIRE(sent.has_value());
  const Bytes secret = copy_of(sent->secret);
  for (const std::size_t i : {0u, 500u, 1087u, 1088u, 1100u, 1119u}) {
    Bytes changed = copy_of(sent->ciphertext);
    changed[i] ^= 1;
    const auto opened = alice.key.decapsulate(changed);
    REQUIRE(opened.has_value());
    REQUIRE(copy_of(*opened) != secret);
  }
}

TEST_CASE("X25519 keys of low order are refused by both sides of X-Wing") {
  Random random;
  const Pair alice(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  for (const Bytes& point : low_order_points()) {
    Bytes pk = alice.pk, ct = copy_of(sent->ciphertext);
    std::ranges::copy(point, pk.end() - kX);
    std::ranges::copy(point, ct.end() - kX);
    const auto parsed = EncapsulationKey::parse(pk);
    REQUIRE(parsed.has_value());
    require_error(parsed->encapsulate(), Error::low_order);
    require_error(alice.key.decapsulate(ct), Error::low_order);
  }
}

TEST_CASE("X-Wing takes its own sizes and no others") {
  Random random;
  const Pair alice(random);
  for (const std::size_t size : {0u, 1u, 31u, 33u, 64u, 1088u, 1119u, 1121u, 1184u, 1215u, 1217u}) {
    const Exact bytes(random.vector(size));
    require_error(EncapsulationKey::parse(bytes), Error::encapsulation_key_length);
    require_error(DecapsulationKey::from_seed(bytes), Error::seed_length);
    require_error(alice.key.decapsulate(bytes), Error::ciphertext_length);
  }
}

TEST_CASE("X-Wing checks the ML-KEM half of an encapsulation key") {
  Random random;
  Pair alice(random);
  set_coefficient(alice.pk, random.between<std::size_t>(0, kCoefficients - 1), kQ);
  require_error(EncapsulationKey::parse(alice.pk), Error::not_reduced);
}

TEST_CASE("An X-Wing key exports the seed that it came from") {
  Random random;
  const Pair alice(random);
  std::array<std::uint8_t, xwing::kSeedSize> seed;
  REQUIRE(alice.key.export_seed(seed).has_value());
  REQUIRE(copy_of(seed) == alice.sk);
  const auto again = DecapsulationKey::from_seed(seed, PairwiseTest::run);
  REQUIRE(copy_of(again->encapsulation_key().bytes()) == alice.pk);
}

TEST_CASE("X-Wing keys can be moved and cloned, and an empty one says so") {
  Random random;
  Pair alice(random);
  auto clone = alice.key.encapsulation_key().clone();
  DecapsulationKey key = std::move(alice.key);
  const auto sent = clone->encapsulate();
  require_secret(key.decapsulate(sent->ciphertext), copy_of(sent->secret));
  EncapsulationKey pk = std::move(*clone);
  REQUIRE(pk.encapsulate().has_value());

  std::array<std::uint8_t, xwing::kSeedSize> seed;
  seed.fill(1);
  require_error(alice.key.export_seed(seed), Error::moved_from);  // NOLINT: on purpose
  REQUIRE(copy_of(seed) == Bytes(xwing::kSeedSize));
  require_error(alice.key.decapsulate(sent->ciphertext), Error::moved_from);
  require_error(clone->encapsulate(), Error::moved_from);
  require_error(clone->clone(), Error::moved_from);
  REQUIRE(clone->bytes().empty());
  REQUIRE_FALSE(alice.key.is_locked());
}

TEST_CASE("purge() takes X-Wing keys, too") {
  Random random;
  const Pair alice(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  purge();
  std::array<std::uint8_t, xwing::kSeedSize> seed;
  seed.fill(1);
  require_error(alice.key.decapsulate(sent->ciphertext), Error::purged);
  require_error(alice.key.export_seed(seed), Error::purged);
  REQUIRE(copy_of(seed) == Bytes(xwing::kSeedSize));
  REQUIRE(alice.key.encapsulation_key().encapsulate().has_value());  // nothing secret there
}

}  // namespace
}  // namespace latchkey::test
