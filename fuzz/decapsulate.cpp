// Decapsulating any bytes, in the three ways that there are: the secret is what Algorithm 18 gives
// by its plain definition, with OpenSSL's SHAKE256 where it rejects.

#include "keys.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

// Any bytes at all, or a ciphertext for the key, with changes.
Bytes ciphertext_for(const EncapsulationKey& key, Input& input) {
  if (input.byte() % 2 == 0) return input.rest();
  const auto sent = derand::encapsulate(key, input.array<32>());
  require(sent.has_value(), "a parsed key encapsulates");
  Bytes c(sent->ciphertext.begin(), sent->ciphertext.end());
  mutate(c, input, 8);
  return c;
}

}  // namespace

void decapsulate(View data) {
  Input input(data);
  use_row(input);
  const KnownKey& known = known_key(input.byte());
  const auto made = derand::keygen(known.d, known.z);
  const auto imported =
      DecapsulationKey::import_expanded(known.bytes.dk, ExpandedKeyCheck::hash_only);
  require(made && imported, "a good key is taken");
  const Bytes c = ciphertext_for(made->encapsulation_key(), input);

  const auto by_seed = made->decapsulate(c);
  const auto by_import = imported->decapsulate(c);
  const auto at_once = decapsulate_with_expanded_key(known.bytes.dk, c);
  if (c.size() != kCiphertextSize) {
    for (const auto* secret : {&by_seed, &by_import, &at_once}) {
      require(!*secret && secret->error() == Error::ciphertext_length, "the length is checked");
    }
    return;
  }
  const Bytes expected = oracle::decaps(known.bytes.dk, c);
  require(copy_of(by_seed) == expected, "decapsulation is Algorithm 18");
  require(copy_of(by_import) == expected, "so it is with an imported key");
  require(copy_of(at_once) == expected, "so it is in one call");
}

}  // namespace latchkey::fuzz
