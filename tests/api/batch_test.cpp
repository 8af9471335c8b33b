// Batches give byte for byte what one operation at a time gives.

#include "latchkey/batch.hpp"

#include <set>

#include "api/support.hpp"

namespace latchkey::test {
namespace {

using Seed = std::array<std::uint8_t, kSeedSize>;
using Message = std::array<std::uint8_t, 32>;

// Keys for batches, with pointers to them as the functions take them.
struct Keys {
  explicit Keys(Random& random, std::size_t size) : seeds(size), keys(size) {
    for (auto& seed : seeds) random.fill(seed);
    REQUIRE(derand::generate_batch(seeds, keys).has_value());
    for (const auto& key : keys) {
      secret.push_back(&key);
      pub.push_back(&key.encapsulation_key());
    }
  }

  std::vector<Seed> seeds;
  std::vector<DecapsulationKey> keys;
  std::vector<const DecapsulationKey*> secret;
  std::vector<const EncapsulationKey*> pub;
};

Bytes expanded(const DecapsulationKey& key) {
  Bytes bytes(kDecapsulationKeySize);
  REQUIRE(key.export_expanded(std::span<std::uint8_t, kDecapsulationKeySize>(bytes)).has_value());
  return bytes;
}

TEST_CASE("A batch of any length gives what single operations give") {
  Random random;
  for (std::size_t size = 0; size <= 37; ++size) {
    CAPTURE(size);
    const Keys alice(random, size);
    std::vector<Message> ms(size);
    for (auto& m : ms) random.fill(m);
    std::vector<Encapsulation> sent(size);
    REQUIRE(derand::encapsulate_batch(alice.pub, ms, sent).has_value());

    std::vector<Ciphertext> ciphertexts(size);
    for (std::size_t i = 0; i < size; ++i) {
      const auto single = DecapsulationKey::from_seed(alice.seeds[i]);
      REQUIRE(expanded(alice.keys[i]) == expanded(*single));
      const auto one = derand::encapsulate(single->encapsulation_key(), ms[i]);
      REQUIRE(sent[i].ciphertext == one->ciphertext);
      REQUIRE(copy_of(sent[i].secret) == copy_of(one->secret));
      ciphertexts[i] = sent[i].ciphertext;
      if (i % 3 == 1) ciphertexts[i][random.between<std::size_t>(0, kCiphertextSize - 1)] ^= 1;
    }
    std::vector<SharedSecret> secrets(size);
    REQUIRE(decapsulate_batch(alice.secret, ciphertexts, secrets).has_value());
    for (std::size_t i = 0; i < size; ++i) {
      const auto one = alice.keys[i].decapsulate(ciphertexts[i]);
      REQUIRE(copy_of(secrets[i]) == copy_of(*one));
      const bool same = copy_of(secrets[i]) == copy_of(sent[i].secret);
      REQUIRE(same == (i % 3 != 1));
    }
  }
}

TEST_CASE("Keys and secrets of a fresh batch are different and agree") {
  std::vector<DecapsulationKey> keys(21);
  REQUIRE(generate_batch(keys).has_value());
  std::vector<const EncapsulationKey*> pub;
  std::vector<const DecapsulationKey*> secret_keys;
  for (const auto& key : keys) {
    pub.push_back(&key.encapsulation_key());
    secret_keys.push_back(&key);
  }
  pub[20] = pub[0];  // a key may stand twice
  secret_keys[20] = secret_keys[0];
  std::vector<Encapsulation> sent(keys.size());
  REQUIRE(encapsulate_batch(pub, sent).has_value());
  std::vector<Ciphertext> ciphertexts;
  for (const auto& one : sent) ciphertexts.push_back(one.ciphertext);
  std::vector<SharedSecret> secrets(keys.size());
  REQUIRE(decapsulate_batch(secret_keys, ciphertexts, secrets).has_value());
  std::set<std::string> seen;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Bytes secret = copy_of(secrets[i]);
    const auto ek = keys[i].encapsulation_key().bytes();
    REQUIRE(secret == copy_of(sent[i].secret));
    REQUIRE(seen.emplace(secret.begin(), secret.end()).second);
    REQUIRE(seen.emplace(ek.begin(), ek.end()).second);
    std::array<std::uint8_t, kSeedSize> seed;
    REQUIRE(keys[i].export_seed(seed).has_value());
  }
}

TEST_CASE("A batch that fails leaves every output empty") {
  Random random;
  Keys alice(random, 6);
  std::vector<Encapsulation> sent(6);
  REQUIRE(encapsulate_batch(alice.pub, sent).has_value());
  std::vector<Ciphertext> ciphertexts(6);
  std::vector<SharedSecret> secrets(6);
  REQUIRE(decapsulate_batch(alice.secret, ciphertexts, secrets).has_value());

  const auto require_empty = [&](const Result<void>& result, Error error) {
    REQUIRE_FALSE(result.has_value());
    REQUIRE(result.error() == error);
    for (const auto& one : sent) {
      REQUIRE(one.ciphertext == Ciphertext());
      require_error(one.secret.expose(), Error::moved_from);
    }
  };
  const std::span<const EncapsulationKey* const> pub(alice.pub);
  require_empty(encapsulate_batch(pub.first(5), sent), Error::batch_length);
  REQUIRE(encapsulate_batch(pub, sent).has_value());
  const std::vector<Message> seven(7);
  require_empty(derand::encapsulate_batch(pub, seven, sent), Error::batch_length);

  const std::span<const DecapsulationKey* const> secret(alice.secret);
  REQUIRE(decapsulate_batch(secret, std::span(ciphertexts).first(5), secrets).error() ==
          Error::batch_length);
  for (const auto& one : secrets) require_error(one.expose(), Error::moved_from);
  REQUIRE(decapsulate_batch(secret.first(2), ciphertexts, secrets).error() == Error::batch_length);
  REQUIRE(derand::generate_batch(std::vector<Seed>(5), alice.keys).error() == Error::batch_length);
  for (const auto& key : alice.keys) REQUIRE(key.encapsulation_key().bytes().empty());

  // All keys are now empty, as if moved away.
  REQUIRE(encapsulate_batch(pub, sent).error() == Error::moved_from);
  REQUIRE(decapsulate_batch(secret, ciphertexts, secrets).error() == Error::moved_from);
}

}  // namespace
}  // namespace latchkey::test
