// Four attacks on whoever takes "we have the same secret" for "we had the same exchange", as
// docs/holding-kems.md tells them, and the decisions that stop them or do not.
#pragma once

#include <optional>

#include "api/support.hpp"

namespace latchkey::test {

// One of the two exchanges that an attack confuses: what its receiver was given. An attacker who
// may hand over a key chooses its form; what a form cannot express is as near to it as it can be.
struct Exchange {
  Bytes expanded;          // dk_PKE || ek || H(ek) || z
  Bytes seed;              // d || z
  Bytes ciphertext;        // for the key in either form
  Bytes xwing_seed;        // 32 bytes
  Bytes xwing_ciphertext;  // the same attack on its half of ML-KEM
  bool toy = false;        // decapsulated by a KEM that leaves H(ek) out

  [[nodiscard]] View ek() const { return View(expanded).subspan(kEkOffset, kEncapsulationKeySize); }
};

// Two that end in one secret where nobody looks, though ek or ciphertext differ.
struct Attack {
  Exchange first, second;
};

// What was sent to a malicious receiver, decrypted by him and encrypted anew for a third party.
Attack reencapsulation(Random& random);
// Schmieg (ePrint 2024/523): an expanded key with the hash of another key's ek.
Attack forged_key(Random& random);
// Two keys with one z, and a ciphertext that neither can open.
Attack shared_z(Random& random);
// Two expanded keys with one z whose s_hat is junk, and a ciphertext that was made honestly.
Attack junk_s_hat(Random& random);
// No attack: what one receiver has, and the secrets that the other side has.
struct Honest {
  Exchange exchange;
  Bytes K, xwing_K;
};
Honest honest(Random& random);

// The value that a receiver goes on with under each decision, or none where the key is refused.
using Decision = std::optional<Bytes> (*)(const Exchange&);
std::optional<Bytes> nothing(const Exchange& exchange);
std::optional<Bytes> hash_check(const Exchange& exchange);
std::optional<Bytes> seed_import(const Exchange& exchange);
std::optional<Bytes> xwing_import(const Exchange& exchange);
std::optional<Bytes> bound(const Exchange& exchange);
std::optional<Bytes> pairwise_test(const Exchange& exchange);

// What bound() must give, from the secret K that the other side has.
Bytes bound_secret(View K, View ek, View ciphertext);

}  // namespace latchkey::test
