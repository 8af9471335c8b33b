// Batches of any length against the same operations one by one, and batches that must fail.

#include <algorithm>

#include "keys.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

constexpr std::size_t kMost = 10;      // operations: more than twice what goes together
constexpr std::size_t kMostKeys = 20;  // more than share the place of their random bytes

using Seed = std::array<std::uint8_t, kSeedSize>;
using Message = std::array<std::uint8_t, 32>;

struct Lists {
  std::vector<DecapsulationKey> keys;
  std::vector<const EncapsulationKey*> pub;
  std::vector<const DecapsulationKey*> secret;
  std::vector<Message> ms;
  std::vector<Encapsulation> sent;
  std::vector<Ciphertext> ciphertexts;
  std::vector<SharedSecret> opened;
};

template <class Byte, std::size_t Size>
std::array<Byte, Size> spread(Input& input) {
  std::array<Byte, Size> bytes;
  bytes.fill(input.byte());
  bytes[0] = input.byte();
  return bytes;
}

void generate(Lists& lists, Input& input) {
  const std::size_t count = input.byte() % kMostKeys;
  std::vector<Seed> seeds;
  for (std::size_t i = 0; i < count; ++i) {
    seeds.push_back(spread<std::uint8_t, kSeedSize>(input));
  }
  lists.keys.resize(count);
  require(derand::generate_batch(seeds, lists.keys).has_value(), "a batch of keys is generated");
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = DecapsulationKey::from_seed(seeds[i]);
    std::array<std::uint8_t, kDecapsulationKeySize> expected, got;
    require(one && one->export_expanded(expected) && lists.keys[i].export_expanded(got),
            "keys are exported");
    require(got == expected, "a batch generates the same keys");
    Seed seed;
    require(lists.keys[i].export_seed(seed) && seed == seeds[i], "with their seeds");
  }
}

void encapsulate(Lists& lists, Input& input) {
  const std::size_t count = lists.keys.empty() ? 0 : input.byte() % kMost;
  for (std::size_t i = 0; i < count; ++i) {
    const DecapsulationKey& key = lists.keys[input.byte() % lists.keys.size()];
    lists.secret.push_back(&key);
    lists.pub.push_back(&key.encapsulation_key());
    lists.ms.push_back(spread<std::uint8_t, 32>(input));
  }
  lists.sent.resize(count);
  require(derand::encapsulate_batch(lists.pub, lists.ms, lists.sent).has_value(),
          "a batch is encapsulated");
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = derand::encapsulate(*lists.pub[i], lists.ms[i]);
    require(one && lists.sent[i].ciphertext == one->ciphertext, "to the same ciphertexts");
    require(copy_of(lists.sent[i].secret) == copy_of(one->secret), "and the same secrets");
  }
}

void decapsulate_all(Lists& lists, Input& input) {
  for (const auto& one : lists.sent) {
    lists.ciphertexts.push_back(one.ciphertext);
    mutate(lists.ciphertexts.back(), input, input.byte() % 3);
  }
  lists.opened.resize(lists.sent.size());
  require(decapsulate_batch(lists.secret, lists.ciphertexts, lists.opened).has_value(),
          "a batch is decapsulated");
  for (std::size_t i = 0; i < lists.opened.size(); ++i) {
    const Bytes opened = copy_of(lists.opened[i]);
    require(opened == copy_of(lists.secret[i]->decapsulate(lists.ciphertexts[i])),
            "a batch opens the same secrets");
    require((opened == copy_of(lists.sent[i].secret)) ==
                (lists.ciphertexts[i] == lists.sent[i].ciphertext),
            "which are those that were sent, unless the ciphertext is another one");
  }
}

template <class Secrets>
void require_empty(const Result<void>& result, Error error, const Secrets& secrets) {
  require(!result && result.error() == error, "a batch fails for its fault");
  for (const auto& secret : secrets) {
    const auto bytes = secret.expose();
    require(!bytes && bytes.error() == Error::moved_from, "and every output is empty");
  }
}

// One list is of another length, or a key in it is empty.
void fail(Lists& lists, Input& input) {
  const std::size_t count = lists.sent.size();
  const std::uint8_t fault = input.byte();
  Error error = Error::batch_length;
  const DecapsulationKey nothing;
  if (fault % 3 == 0 && count > 0) {
    lists.pub[fault % count] = &nothing.encapsulation_key();
    lists.secret[fault % count] = &nothing;
    error = Error::moved_from;
  } else if (fault % 3 == 1) {
    lists.ms.emplace_back();
    lists.ciphertexts.emplace_back();
  } else {
    lists.pub.push_back(&nothing.encapsulation_key());
    lists.secret.push_back(&nothing);
  }
  require_empty(decapsulate_batch(lists.secret, lists.ciphertexts, lists.opened), error,
                lists.opened);
  const auto done = derand::encapsulate_batch(lists.pub, lists.ms, lists.sent);
  std::vector<SharedSecret> secrets;
  for (auto& one : lists.sent) {
    require(one.ciphertext == Ciphertext(), "a ciphertext of a batch that failed is zeroed");
    secrets.push_back(std::move(one.secret));
  }
  require_empty(done, error, secrets);
}

}  // namespace

void batch(View data) {
  Input input(data);
  use_row(input);
  Lists lists;
  generate(lists, input);
  encapsulate(lists, input);
  decapsulate_all(lists, input);
  fail(lists, input);
}

}  // namespace latchkey::fuzz
