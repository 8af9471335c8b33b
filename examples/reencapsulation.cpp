// A key that is merely encrypted, as with RSA, does not say for whom: the receiver can pass it on,
// and then two strangers share it. (docs/holding-kems.md)
#include <latchkey/derand.hpp>
#include <latchkey/seal.hpp>

#include "claims.hpp"

using latchkey::DecapsulationKey;
using latchkey::SessionKeys;

int main() {
  const auto bob = need(DecapsulationKey::generate());
  const auto charlie = need(DecapsulationKey::generate());
  const auto& to_bob = bob.encapsulation_key();
  const auto& to_charlie = charlie.encapsulation_key();

  std::puts("Alice makes a key and seals it for Bob. Bob seals what he opens for Charlie.");
  const auto key = need(latchkey::LockedBuffer::random(32));
  const auto for_bob =
      need(key.read([&](auto bytes) { return latchkey::seal_for(to_bob, bytes, {}, {}); }));
  const auto at_bob = need(latchkey::open_sealed(bob, for_bob.bytes(), {}, {}));
  const auto for_charlie =
      need(at_bob.read([&](auto bytes) { return latchkey::seal_for(to_charlie, bytes, {}, {}); }));
  const auto at_charlie = need(latchkey::open_sealed(charlie, for_charlie.bytes(), {}, {}));
  claim(same(key, at_charlie), "Alice and Charlie have one key, and she has never heard of him");

  std::puts("Alice encapsulates for Bob instead. He knows what went in, m, and puts it in again.");
  std::array<std::uint8_t, latchkey::kSeedSize> random;
  need(need(DecapsulationKey::generate()).export_seed(random));
  const auto m = std::span(random).first<32>();
  const auto alice = need(latchkey::derand::encapsulate(to_bob, m));
  const auto again = need(latchkey::derand::encapsulate(to_charlie, m));
  const auto secret = need(charlie.decapsulate(again.ciphertext));
  claim(!same(alice.secret, secret), "ML-KEM hashes the encapsulation key: two secrets");
  claim(!same(need(SessionKeys::bind(alice.secret, to_bob, alice.ciphertext, {})),
              need(SessionKeys::bind(secret, to_charlie, again.ciphertext, {}))),
        "bind() hashes it in any case, and the ciphertext: two session keys");
}
