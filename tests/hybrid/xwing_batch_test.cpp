// Batches of X-Wing give byte for byte what one operation at a time gives.

#include "latchkey/batch.hpp"
#include "latchkey/derand_hybrid.hpp"

#include "api/support.hpp"
#include "hybrid/low_order.hpp"
#include "mlkem/backends.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using xwing::Ciphertext;
using xwing::DecapsulationKey;
using xwing::Encapsulation;
using xwing::EncapsulationKey;
using EncapsulationSeed = std::array<std::uint8_t, xwing::kEncapsulationSeedSize>;

// Keys, what was sent to each, and pointers as the functions take them.
struct Batch {
  Batch(Random& random, std::size_t size) : eseeds(size), sent(size), ciphertexts(size) {
    for (std::size_t i = 0; i < size; ++i) {
      keys.push_back(DecapsulationKey::from_seed(random.vector(xwing::kSeedSize)).value());
      random.fill(eseeds[i]);
    }
    for (const auto& key : keys) {
      secret.push_back(&key);
      pub.push_back(&key.encapsulation_key());
    }
  }
  void send() {
    REQUIRE(derand::encapsulate_batch(pub, eseeds, sent).has_value());
    for (std::size_t i = 0; i < sent.size(); ++i) ciphertexts[i] = sent[i].ciphertext;
  }

  std::vector<DecapsulationKey> keys;
  std::vector<EncapsulationSeed> eseeds;
  std::vector<Encapsulation> sent;
  std::vector<Ciphertext> ciphertexts;
  std::vector<const DecapsulationKey*> secret;
  std::vector<const EncapsulationKey*> pub;
};

TEST_CASE("A batch of X-Wing of any length gives what single operations give, with every backend") {
  LATCHKEY_EACH_BACKEND(backend);
  REQUIRE(dispatch::use(backend.hash->name));
  Random random;
  for (std::size_t size = 0; size <= 19; ++size) {
    CAPTURE(size);
    Batch batch(random, size);
    batch.send();
    for (std::size_t i = 0; i < size; ++i) {
      const auto one = derand::encapsulate(*batch.pub[i], batch.eseeds[i]);
      REQUIRE(batch.sent[i].ciphertext == one->ciphertext);
      REQUIRE(copy_of(batch.sent[i].secret) == copy_of(one->secret));
      if (i % 3 == 1) {
        batch.ciphertexts[i][random.between<std::size_t>(0, xwing::kCiphertextSize - 1)] ^= 1;
      }
    }
    std::vector<SharedSecret> secrets(size);
    REQUIRE(xwing::decapsulate_batch(batch.secret, batch.ciphertexts, secrets).has_value());
    for (std::size_t i = 0; i < size; ++i) {
      require_secret(batch.keys[i].decapsulate(batch.ciphertexts[i]), copy_of(secrets[i]));
      REQUIRE((copy_of(secrets[i]) == copy_of(batch.sent[i].secret)) == (i % 3 != 1));
    }
  }
}

TEST_CASE("A fresh batch of X-Wing has different ciphertexts for one key, and agrees") {
  Random random;
  Batch batch(random, 1);
  const std::vector<const EncapsulationKey*> pub(17, batch.pub[0]);
  const std::vector<const DecapsulationKey*> secret(17, batch.secret[0]);
  std::vector<Encapsulation> sent(17);
  REQUIRE(xwing::encapsulate_batch(pub, sent).has_value());
  std::vector<Ciphertext> ciphertexts;
  for (const auto& one : sent) {
    for (const auto& other : ciphertexts) REQUIRE(one.ciphertext != other);
    ciphertexts.push_back(one.ciphertext);
  }
  std::vector<SharedSecret> secrets(17);
  REQUIRE(xwing::decapsulate_batch(secret, ciphertexts, secrets).has_value());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    REQUIRE(copy_of(secrets[i]) == copy_of(sent[i].secret));
  }
}

TEST_CASE("A batch of X-Wing that fails leaves every output empty") {
  Random random;
  Batch batch(random, 11);
  batch.send();
  std::vector<SharedSecret> secrets(11);
  const auto require_nothing_sent = [&](const Result<void>& result, Error error) {
    require_error(result, error);
    for (const auto& one : batch.sent) {
      REQUIRE(one.ciphertext == Ciphertext());
      require_error(one.secret.expose(), Error::moved_from);
    }
    batch.send();
  };
  const auto require_nothing_opened = [&](const Result<void>& result, Error error) {
    require_error(result, error);
    for (const auto& one : secrets) require_error(one.expose(), Error::moved_from);
  };
  const std::span<const EncapsulationKey* const> pub(batch.pub);
  const std::span<const DecapsulationKey* const> secret(batch.secret);
  require_nothing_sent(xwing::encapsulate_batch(pub.first(10), batch.sent), Error::batch_length);
  require_nothing_sent(
      derand::encapsulate_batch(pub, std::span(batch.eseeds).first(10), batch.sent),
      Error::batch_length);
  require_nothing_opened(
      xwing::decapsulate_batch(secret, std::span(batch.ciphertexts).first(10), secrets),
      Error::batch_length);
  require_nothing_opened(xwing::decapsulate_batch(secret.first(10), batch.ciphertexts, secrets),
                         Error::batch_length);

  // In the first eight, and after them.
  for (const std::size_t at : {std::size_t{3}, std::size_t{9}}) {
    const Bytes point = low_order_points()[at];
    auto ciphertexts = batch.ciphertexts;
    std::ranges::copy(point, ciphertexts[at].end() - 32);
    require_nothing_opened(xwing::decapsulate_batch(secret, ciphertexts, secrets),
                           Error::low_order);
    Bytes pk = copy_of(batch.pub[at]->bytes());
    std::ranges::copy(point, pk.end() - 32);
    const auto low = EncapsulationKey::parse(pk);
    auto keys = batch.pub;
    keys[at] = &*low;
    require_nothing_sent(xwing::encapsulate_batch(keys, batch.sent), Error::low_order);

    const DecapsulationKey no_key;
    auto secret_keys = batch.secret;
    secret_keys[at] = &no_key;
    require_nothing_opened(xwing::decapsulate_batch(secret_keys, batch.ciphertexts, secrets),
                           Error::moved_from);
    keys[at] = &no_key.encapsulation_key();
    require_nothing_sent(xwing::encapsulate_batch(keys, batch.sent), Error::moved_from);
  }

  purge();
  require_nothing_opened(xwing::decapsulate_batch(secret, batch.ciphertexts, secrets),
                         Error::purged);
}

}  // namespace
}  // namespace latchkey::test
