// An expanded private key whose secret half does not fit its public half passes the hash check. It
// opens nothing, and never says so. (docs/holding-kems.md)
#include "claims.hpp"

using latchkey::DecapsulationKey;
using latchkey::ExpandedKeyCheck;
using latchkey::SessionKeys;

namespace {

// dk_PKE || ek || H(ek) || z
using Expanded = std::array<std::uint8_t, latchkey::kDecapsulationKeySize>;

Expanded some_key() {
  Expanded expanded;
  need(need(DecapsulationKey::generate()).export_expanded(expanded));
  return expanded;
}

}  // namespace

int main() {
  std::puts("Mallory makes two keys with one z, and overwrites their secret halves.");
  const Expanded junk = some_key();
  Expanded dk1 = some_key(), dk2 = some_key();
  for (Expanded* dk : {&dk1, &dk2}) {
    std::copy(junk.begin(), junk.begin() + 1152, dk->begin());
    std::copy(junk.end() - 32, junk.end(), dk->end() - 32);
  }
  const auto key1 = DecapsulationKey::import_expanded(dk1, ExpandedKeyCheck::hash_only);
  const auto key2 = DecapsulationKey::import_expanded(dk2, ExpandedKeyCheck::hash_only);
  claim(key1.has_value() && key2.has_value(), "both pass the hash check");

  std::puts("Alice encapsulates to key 1, as she should. Two receivers decapsulate.");
  const auto sent = need(key1->encapsulation_key().encapsulate());
  const auto secret1 = need(key1->decapsulate(sent.ciphertext));
  const auto secret2 = need(key2->decapsulate(sent.ciphertext));
  claim(same(secret1, secret2), "one secret for two keys");
  claim(!same(secret1, sent.secret), "and it is not the one that Alice has");

  std::puts("With bind():");
  claim(!same(need(SessionKeys::bind(secret1, key1->encapsulation_key(), sent.ciphertext, {})),
              need(SessionKeys::bind(secret2, key2->encapsulation_key(), sent.ciphertext, {}))),
        "two session keys");

  std::puts("Imported with the pairwise test, which is the default:");
  const auto imported = DecapsulationKey::import_expanded(dk1);
  claim(!imported.has_value() && imported.error() == latchkey::Error::inconsistent_key,
        latchkey::describe(latchkey::Error::inconsistent_key));
}
