// Every way to make, write and read a key leads to the same key.

#include <cstdlib>
#include <set>

#include "api/support.hpp"
#include "dispatch/dispatch.hpp"

namespace latchkey::test {
namespace {

// Each of these is a view of one key; they must agree on every secret.
void require_same_secret(const Encapsulation& sent, const KeyMaterial& alice) {
  const Bytes secret = copy_of(sent.secret);
  require_secret(alice.key.decapsulate(sent.ciphertext), secret);
  require_secret(decapsulate_with_expanded_key(alice.expanded, sent.ciphertext), secret);
  for (const auto check : {ExpandedKeyCheck::hash_only, ExpandedKeyCheck::hash_and_pairwise}) {
    const auto imported = DecapsulationKey::import_expanded(alice.expanded, check);
    REQUIRE(imported.has_value());
    require_secret(imported->decapsulate(sent.ciphertext), secret);
  }
}

TEST_CASE("All forms of a key agree, for random keys") {
  Random random;
  for (int round = 0; round < 50; ++round) {
    const KeyMaterial alice(random);
    REQUIRE(alice.ek.size() == kEncapsulationKeySize);
    const auto parsed = EncapsulationKey::parse(alice.ek);
    REQUIRE(parsed.has_value());
    const auto clone = parsed->clone();
    REQUIRE(clone.has_value());
    const auto m = random.bytes<32>();

    const auto sent = derand::encapsulate(alice.key.encapsulation_key(), m);
    REQUIRE(sent.has_value());
    require_same_secret(*sent, alice);
    for (const auto* ek : {&*parsed, &*clone}) {
      REQUIRE(copy_of(ek->bytes()) == alice.ek);
      const auto again = derand::encapsulate(*ek, m);
      REQUIRE(again.has_value());
      REQUIRE(again->ciphertext == sent->ciphertext);
      REQUIRE(copy_of(again->secret) == copy_of(sent->secret));
    }
  }
}

TEST_CASE("A generated key comes back from its exported seed") {
  for (const auto test : {PairwiseTest::skip, PairwiseTest::run}) {
    const auto key = DecapsulationKey::generate(test);
    REQUIRE(key.has_value());
    std::array<std::uint8_t, kSeedSize> seed;
    REQUIRE(key->export_seed(seed).has_value());
    const auto again = DecapsulationKey::from_seed(seed, test);
    REQUIRE(again.has_value());
    std::array<std::uint8_t, kDecapsulationKeySize> expanded, expanded_again;
    REQUIRE(key->export_expanded(expanded).has_value());
    REQUIRE(again->export_expanded(expanded_again).has_value());
    REQUIRE(expanded == expanded_again);
  }
}

TEST_CASE("export_seed gives the seed that from_seed took, d first") {
  Random random;
  const KeyMaterial alice(random);
  std::array<std::uint8_t, kSeedSize> seed;
  REQUIRE(alice.key.export_seed(seed).has_value());
  REQUIRE(copy_of(seed) == alice.seed);

  const View view(alice.seed);
  const auto derand = derand::keygen(view.first<32>(), view.last<32>());
  REQUIRE(derand.has_value());
  REQUIRE(copy_of(derand->encapsulation_key().bytes()) == alice.ek);
}

TEST_CASE("The expanded form is dk_PKE || ek || H(ek) || z") {
  Random random;
  const KeyMaterial alice(random);
  const View expanded(alice.expanded);
  REQUIRE(copy_of(expanded.subspan(kEkOffset, kEncapsulationKeySize)) == alice.ek);
  REQUIRE(copy_of(expanded.subspan(kHashOffset, 32)) == h(alice.ek));
  REQUIRE(copy_of(expanded.subspan(kZOffset)) == copy_of(alice.z()));
  for (std::size_t i = 0; i < kCoefficients; ++i) REQUIRE(coefficient(expanded, i) < kQ);
}

TEST_CASE("Import and export of an expanded key give the same bytes") {
  Random random;
  const KeyMaterial alice(random);
  const auto imported = DecapsulationKey::import_expanded(alice.expanded);
  REQUIRE(imported.has_value());
  std::array<std::uint8_t, kDecapsulationKeySize> again;
  REQUIRE(imported->export_expanded(again).has_value());
  REQUIRE(copy_of(again) == alice.expanded);
}

TEST_CASE("A parsed key encapsulates many times, each time to another secret") {
  Random random;
  const KeyMaterial alice(random);
  const auto ek = EncapsulationKey::parse(alice.ek);
  REQUIRE(ek.has_value());
  std::set<std::array<std::uint8_t, 32>> secrets;
  for (int i = 0; i < 200; ++i) {
    const auto sent = ek->encapsulate();
    REQUIRE(sent.has_value());
    const Bytes secret = copy_of(sent->secret);
    require_secret(alice.key.decapsulate(sent->ciphertext), secret);
    std::array<std::uint8_t, 32> seen;
    std::copy(secret.begin(), secret.end(), seen.begin());
    REQUIRE(secrets.insert(seen).second);
  }
}

TEST_CASE("Two generated keys differ") {
  const auto first = DecapsulationKey::generate(), second = DecapsulationKey::generate();
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  REQUIRE(copy_of(first->encapsulation_key().bytes()) !=
          copy_of(second->encapsulation_key().bytes()));
}

TEST_CASE("The self-test passes") { REQUIRE(self_test().has_value()); }

TEST_CASE("The backend is the one that the environment asked for, where it can run") {
  const std::string name = backend_name();
  REQUIRE(name != "");
  const char* wish = std::getenv("LATCHKEY_BACKEND");
  if (wish == nullptr || name == wish) return;
  REQUIRE_FALSE(dispatch::use(wish));
  WARN("this machine or this build has no backend " << wish << "; tested " << name);
}

}  // namespace
}  // namespace latchkey::test
