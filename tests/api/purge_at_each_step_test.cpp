// In the middle of every operation a purge() by another thread, or memory that is refused: an error
// that says so, and nothing in the outputs.

#include "support/purge_at_each_step.hpp"
#include "api/support.hpp"
#include "latchkey/batch.hpp"
#include "latchkey/incremental.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kBatch = 5;  // four that go together, and one left over

struct Nothing {};
Nothing nothing() { return {}; }

// Alice's key, and something that was sent to her.
struct Secrets {
  Random random;
  KeyMaterial alice{random};
  Encapsulation sent = alice.key.encapsulation_key().encapsulate().value();
};
Secrets alice() { return {}; }

TEST_CASE(
    "A purge, or refused memory, in an operation on a key is an error, and leaves nothing in its "
    "output") {
  Random random;
  const Bytes seed = random.vector(kSeedSize);
  require_errors_in_trouble(
      nothing, [&](Nothing) { return DecapsulationKey::from_seed(seed, PairwiseTest::run); });
  require_errors_in_trouble(nothing,
                            [](Nothing) { return DecapsulationKey::generate(PairwiseTest::run); });
  require_errors_in_trouble(
      alice, [](Secrets& own) { return DecapsulationKey::import_expanded(own.alice.expanded); });
  require_errors_in_trouble(
      alice, [](Secrets& own) { return own.alice.key.encapsulation_key().encapsulate(); });
  const auto decapsulate = [](Secrets& own) {
    return own.alice.key.decapsulate(own.sent.ciphertext);
  };
  require_errors_in_trouble(alice, decapsulate);
  require_input_is_missed(alice, decapsulate);
  require_errors_in_trouble(alice, [](Secrets& own) {
    return decapsulate_with_expanded_key(own.alice.expanded, own.sent.ciphertext);
  });
  require_errors_in_trouble(alice, [](Secrets& own) {
    std::array<std::uint8_t, kSeedSize> exported;
    exported.fill(0xaa);
    const auto result = own.alice.key.export_seed(exported);
    REQUIRE(is_zero(exported) == !result);
    return result;
  });
  require_errors_in_trouble(alice, [](Secrets& own) {
    std::array<std::uint8_t, kDecapsulationKeySize> exported;
    exported.fill(0xaa);
    const auto result = own.alice.key.export_expanded(exported);
    REQUIRE(is_zero(exported) == !result);
    return result;
  });
  require_errors_in_trouble(nothing, [](Nothing) { return self_test(); });
}

TEST_CASE("A purge, or refused memory, in an incremental encapsulation is an error") {
  Random random;
  const KeyMaterial alice(random);
  const auto parts = parts_of(alice.key.encapsulation_key()).value();
  const auto begun = [&] { return IncrementalEncapsulation::begin(parts.header).value().state; };
  const auto finish = [&](IncrementalEncapsulation& own) { return own.finish(parts.t_hat); };
  const auto early = [](IncrementalEncapsulation& own) { return own.early_secret(); };
  require_errors_in_trouble(nothing,
                            [&](Nothing) { return IncrementalEncapsulation::begin(parts.header); });
  require_errors_in_trouble(begun, finish);
  require_input_is_missed(begun, finish);
  require_errors_in_trouble(begun, early);
  require_input_is_missed(begun, early);
}

struct Batch {
  std::array<DecapsulationKey, kBatch> keys;
  std::array<const EncapsulationKey*, kBatch> pub;
  std::array<const DecapsulationKey*, kBatch> secret;
  std::array<Encapsulation, kBatch> sent;
};

// On the heap: it points into itself.
std::unique_ptr<Batch> batch() {
  auto all = std::make_unique<Batch>();
  REQUIRE(generate_batch(all->keys).has_value());
  for (std::size_t i = 0; i < kBatch; ++i) {
    all->pub[i] = &all->keys[i].encapsulation_key();
    all->secret[i] = &all->keys[i];
  }
  REQUIRE(encapsulate_batch(all->pub, all->sent).has_value());
  return all;
}

TEST_CASE("A purge, or refused memory, in a batch empties all of its outputs") {
  require_errors_in_trouble(batch, [](const std::unique_ptr<Batch>& all) {
    const auto result = generate_batch(all->keys);
    for (const auto& key : all->keys) REQUIRE(key.encapsulation_key().bytes().empty() == !result);
    return result;
  });
  require_errors_in_trouble(batch, [](const std::unique_ptr<Batch>& all) {
    const auto result = encapsulate_batch(all->pub, all->sent);
    for (const auto& one : all->sent) {
      REQUIRE(is_zero(one.ciphertext) == !result);
      if (!result) require_error(one.secret.expose(), Error::moved_from);
    }
    return result;
  });
  require_errors_in_trouble(batch, [](const std::unique_ptr<Batch>& all) {
    std::array<Ciphertext, kBatch> ciphertexts;
    for (std::size_t i = 0; i < kBatch; ++i) ciphertexts[i] = all->sent[i].ciphertext;
    std::array<SharedSecret, kBatch> opened;
    const auto result = decapsulate_batch(all->secret, ciphertexts, opened);
    for (const auto& secret : opened) {
      if (!result) require_error(secret.expose(), Error::moved_from);
    }
    return result;
  });
}

TEST_CASE(
    "A purge, or refused memory, in the use of a buffer is an error, and what came of the use is "
    "dropped") {
  Random random;
  const Bytes bytes = random.vector(40);
  const auto filled = [&] { return LockedBuffer::copy_of(bytes).value(); };
  const auto ignore = [](auto) {};
  require_errors_in_trouble(filled, [&](LockedBuffer& own) { return own.read(ignore); });
  require_errors_in_trouble(filled, [&](LockedBuffer& own) { return own.write(ignore); });
  require_errors_in_trouble(filled, [&](LockedBuffer& own) { return own.equals(bytes); });
  require_errors_in_trouble(filled, [&](LockedBuffer& own) { return own.equals(own); });
  require_errors_in_trouble(filled, [&](LockedBuffer& own) { return own.wipe(); });
  require_errors_in_trouble(nothing, [&](Nothing) { return LockedBuffer::copy_of(bytes); });
  require_errors_in_trouble(nothing, [&](Nothing) { return LockedBuffer::random(40); });
  require_errors_in_trouble([] { return LockedBuffer::inheritable(40).value(); },
                            [&](LockedBuffer& own) { return own.adopt(); });
  require_errors_in_trouble([&] { return bytes; },
                            [&](Bytes& source) {
                              auto result = LockedBuffer::take(source);
                              REQUIRE(is_zero(source));
                              return result;
                            });
}

}  // namespace
}  // namespace latchkey::test
