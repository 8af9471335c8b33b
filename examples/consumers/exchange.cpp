// A shared secret between two sides, in C++ with ML-KEM-768.
#include <latchkey/mlkem768.hpp>

#include <algorithm>
#include <cstdio>

int main() {
  const auto alice = latchkey::DecapsulationKey::generate();
  if (!alice) return 1;
  const auto sent = alice->encapsulation_key().encapsulate();
  if (!sent) return 1;
  const auto secret = alice->decapsulate(sent->ciphertext);
  if (!secret) return 1;
  const auto ours = secret->expose(), theirs = sent->secret.expose();
  if (!ours || !theirs || !std::equal(ours->begin(), ours->end(), theirs->begin())) return 1;
  std::printf("%s: both have the same secret\n", latchkey::backend_name());
}
