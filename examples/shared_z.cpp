// Two seeds may end in the same 32 bytes, z. No check can object, and yet there are ciphertexts
// that give both keys one secret. (docs/holding-kems.md)
#include "claims.hpp"

using latchkey::DecapsulationKey;
using latchkey::PairwiseTest;
using latchkey::SessionKeys;

int main() {
  std::puts("Mallory makes two keys with one z.");
  std::array<std::uint8_t, latchkey::kSeedSize> seed1, seed2;  // d || z
  need(need(DecapsulationKey::generate()).export_seed(seed1));
  need(need(DecapsulationKey::generate()).export_seed(seed2));
  std::copy(seed1.begin() + 32, seed1.end(), seed2.begin() + 32);
  const auto key1 = DecapsulationKey::from_seed(seed1, PairwiseTest::run);
  const auto key2 = DecapsulationKey::from_seed(seed2, PairwiseTest::run);
  claim(key1.has_value() && key2.has_value(), "both are imported, and pass the pairwise test");

  std::puts("She sends both of them a ciphertext that was made for neither.");
  const auto other = need(DecapsulationKey::generate());
  const auto c = need(other.encapsulation_key().encapsulate()).ciphertext;
  const auto secret1 = need(key1->decapsulate(c)), secret2 = need(key2->decapsulate(c));
  claim(same(secret1, secret2), "one secret for two keys");

  std::puts("With bind():");
  claim(!same(need(SessionKeys::bind(secret1, key1->encapsulation_key(), c, {})),
              need(SessionKeys::bind(secret2, key2->encapsulation_key(), c, {}))),
        "two session keys");

  std::puts("X-Wing makes z from its 32 bytes; who changes one of them changes z.");
  std::array<std::uint8_t, latchkey::xwing::kSeedSize> sk;
  const auto xwing1 = need(latchkey::xwing::DecapsulationKey::generate());
  need(xwing1.export_seed(sk));
  sk[31] ^= 1;
  const auto xwing2 = need(latchkey::xwing::DecapsulationKey::from_seed(sk));
  const auto stranger = need(latchkey::xwing::DecapsulationKey::generate());
  const auto xc = need(stranger.encapsulation_key().encapsulate()).ciphertext;
  claim(!same(need(xwing1.decapsulate(xc)), need(xwing2.decapsulate(xc))), "two secrets");
}
