// A shared secret between two sides, in C++ with X-Wing: ML-KEM-768 and X25519, by the core library
// alone.
#include <latchkey/xwing.hpp>

#include <cstdio>
#include <cstring>

int main() {
  namespace xwing = latchkey::xwing;
  const auto alice = xwing::DecapsulationKey::generate();
  if (!alice) return 1;
  const auto bob = xwing::EncapsulationKey::parse(alice->encapsulation_key().bytes());
  if (!bob) return 1;
  const auto sent = bob->encapsulate();
  if (!sent) return 1;
  const auto secret = alice->decapsulate(sent->ciphertext);
  if (!secret) return 1;
  const auto ours = secret->expose(), theirs = sent->secret.expose();
  if (!ours || !theirs || std::memcmp(ours->data(), theirs->data(), ours->size()) != 0) return 1;
  std::printf("%zu bytes sent: both have the same secret\n", sent->ciphertext.size());
}
