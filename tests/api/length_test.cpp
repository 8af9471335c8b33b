// Inputs of every length: the right one is taken, every other gives its documented error.

#include "api/support.hpp"

namespace latchkey::test {
namespace {

// Calls f with the first 0, 1, ... N + 100 bytes of `good` and of what follows it, each in an
// allocation of its own, and checks what it returns.
template <class F>
void try_lengths(Bytes good, Error wrong_length, F f) {
  const std::size_t right = good.size();
  Random random;
  const Bytes more = random.vector(100);
  good.insert(good.end(), more.begin(), more.end());
  for (std::size_t size = 0; size <= right + 100; ++size) {
    CAPTURE(size);
    const auto result = f(Exact(View(good).first(size)));
    if (size == right) {
      REQUIRE(result.has_value());
    } else {
      require_error(result, wrong_length);
    }
  }
}

TEST_CASE("parse takes 1184 bytes and no other number") {
  Random random;
  try_lengths(KeyMaterial(random).ek, Error::encapsulation_key_length,
              [](const Exact& bytes) { return EncapsulationKey::parse(bytes); });
}

TEST_CASE("from_seed takes 64 bytes and no other number") {
  Random random;
  for (const auto test : {PairwiseTest::skip, PairwiseTest::run}) {
    try_lengths(random.vector(kSeedSize), Error::seed_length,
                [=](const Exact& bytes) { return DecapsulationKey::from_seed(bytes, test); });
  }
}

TEST_CASE("import_expanded takes 2400 bytes and no other number") {
  Random random;
  for (const auto check : {ExpandedKeyCheck::hash_only, ExpandedKeyCheck::hash_and_pairwise}) {
    try_lengths(
        KeyMaterial(random).expanded, Error::decapsulation_key_length,
        [=](const Exact& bytes) { return DecapsulationKey::import_expanded(bytes, check); });
  }
}

TEST_CASE("decapsulate takes 1088 bytes and no other number") {
  Random random;
  const KeyMaterial alice(random);
  try_lengths(random.vector(kCiphertextSize), Error::ciphertext_length,
              [&](const Exact& bytes) { return alice.key.decapsulate(bytes); });
}

TEST_CASE("decapsulate_with_expanded_key takes 2400 and 1088 bytes and no other numbers") {
  Random random;
  const KeyMaterial alice(random);
  const Exact ciphertext(random.vector(kCiphertextSize)), expanded(alice.expanded);
  try_lengths(alice.expanded, Error::decapsulation_key_length,
              [&](const Exact& bytes) { return decapsulate_with_expanded_key(bytes, ciphertext); });
  try_lengths(copy_of(ciphertext), Error::ciphertext_length,
              [&](const Exact& bytes) { return decapsulate_with_expanded_key(expanded, bytes); });
}

TEST_CASE("Null spans are inputs of length zero") {
  Random random;
  const KeyMaterial alice(random);
  require_error(EncapsulationKey::parse({}), Error::encapsulation_key_length);
  require_error(DecapsulationKey::from_seed({}), Error::seed_length);
  require_error(DecapsulationKey::import_expanded({}), Error::decapsulation_key_length);
  require_error(alice.key.decapsulate({}), Error::ciphertext_length);
  require_error(decapsulate_with_expanded_key({}, {}), Error::decapsulation_key_length);
}

}  // namespace
}  // namespace latchkey::test
