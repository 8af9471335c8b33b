// Objects that were moved away, and outputs after an error.

#include <utility>

#include "api/support.hpp"

namespace latchkey::test {
namespace {

// Self-assignment without the compiler's warning.
template <class T>
void assign(T& to, T& from) {
  to = std::move(from);
}

bool all_zero(View bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

void require_empty(const EncapsulationKey& key) {
  Random random;
  require_error(key.encapsulate(), Error::moved_from);
  require_error(derand::encapsulate(key, random.bytes<32>()), Error::moved_from);
  require_error(key.clone(), Error::moved_from);
  REQUIRE(key.bytes().empty());
}

void require_empty(const DecapsulationKey& key) {
  require_error(key.decapsulate(Bytes(kCiphertextSize)), Error::moved_from);
  require_error(key.decapsulate({}), Error::moved_from);
  std::array<std::uint8_t, kSeedSize> seed;
  seed.fill(0xaa);
  require_error(key.export_seed(seed), Error::moved_from);
  REQUIRE(all_zero(seed));
  std::array<std::uint8_t, kDecapsulationKeySize> expanded;
  expanded.fill(0xaa);
  require_error(key.export_expanded(expanded), Error::moved_from);
  REQUIRE(all_zero(expanded));
  require_empty(key.encapsulation_key());
}

void require_works(const DecapsulationKey& key, const KeyMaterial& alice) {
  REQUIRE(copy_of(key.encapsulation_key().bytes()) == alice.ek);
  const auto sent = key.encapsulation_key().encapsulate();
  REQUIRE(sent.has_value());
  require_secret(key.decapsulate(sent->ciphertext), copy_of(sent->secret));
}

TEST_CASE("A decapsulation key that was moved away is empty") {
  Random random;
  KeyMaterial alice(random);
  DecapsulationKey key(std::move(alice.key));
  require_empty(alice.key);
  require_works(key, alice);
  DecapsulationKey empty_too(std::move(alice.key));
  require_empty(empty_too);
}

TEST_CASE("A decapsulation key can be assigned: the source is empty, the target is the source") {
  Random random;
  KeyMaterial alice(random), bob(random);
  bob.key = std::move(alice.key);
  require_works(bob.key, alice);
  require_empty(alice.key);
  assign(bob.key, bob.key);
  require_works(bob.key, alice);
  alice.key = std::move(bob.key);  // into an empty one
  require_works(alice.key, alice);
  require_empty(bob.key);
  assign(bob.key, bob.key);
  require_empty(bob.key);
}

TEST_CASE("An encapsulation key that was moved away is empty, and can be assigned") {
  Random random;
  const KeyMaterial alice(random), bob(random);
  auto a = EncapsulationKey::parse(alice.ek), b = EncapsulationKey::parse(bob.ek);
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  *b = std::move(*a);
  REQUIRE(copy_of(b->bytes()) == alice.ek);
  require_empty(*a);
  assign(*b, *b);
  REQUIRE(copy_of(b->bytes()) == alice.ek);
  EncapsulationKey c(std::move(*b));
  require_empty(*b);
  REQUIRE(c.encapsulate().has_value());
}

TEST_CASE("The public half moves with its key, and a clone outlives it") {
  Random random;
  KeyMaterial alice(random);
  auto clone = alice.key.encapsulation_key().clone();
  REQUIRE(clone.has_value());
  { const DecapsulationKey gone(std::move(alice.key)); }
  REQUIRE(copy_of(clone->bytes()) == alice.ek);
  REQUIRE(clone->encapsulate().has_value());
}

TEST_CASE("A shared secret that was moved away is empty") {
  Random random;
  const KeyMaterial alice(random);
  auto sent = alice.key.encapsulation_key().encapsulate();
  auto other = alice.key.encapsulation_key().encapsulate();
  REQUIRE(sent.has_value());
  REQUIRE(other.has_value());
  const Bytes value = copy_of(sent->secret);
  REQUIRE_FALSE(all_zero(value));
  SharedSecret taken(std::move(sent->secret));
  require_error(sent->secret.expose(), Error::moved_from);
  REQUIRE(copy_of(taken) == value);
  other->secret = std::move(taken);
  require_error(taken.expose(), Error::moved_from);
  REQUIRE(copy_of(other->secret) == value);
  assign(other->secret, other->secret);
  REQUIRE(copy_of(other->secret) == value);
}

TEST_CASE("A key that was imported in expanded form has no seed, and the buffer is zeroed") {
  Random random;
  const KeyMaterial alice(random);
  const auto imported = DecapsulationKey::import_expanded(alice.expanded);
  REQUIRE(imported.has_value());
  std::array<std::uint8_t, kSeedSize> seed;
  seed.fill(0xaa);
  require_error(imported->export_seed(seed), Error::no_seed);
  REQUIRE(all_zero(seed));
}

}  // namespace
}  // namespace latchkey::test
