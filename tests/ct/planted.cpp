// Controls of the constant-time check: a program that works on the library's secrets as it should,
// and, when told to, makes one of the mistakes that the check must find.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "latchkey/batch.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey {
namespace {

using Secret = std::span<const std::uint8_t, kSharedSecretSize>;

volatile unsigned sink;
volatile std::uint8_t table[256];

[[gnu::noinline]] void planted_branch(Secret secret) {
  if (secret[0] & 1) sink = 1;
}

[[gnu::noinline]] void planted_index(Secret secret) { sink = table[secret[0]]; }

[[gnu::noinline]] void planted_early_exit(Secret a, Secret b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return;
  }
  sink = 1;
}

[[noreturn]] void die(Error error) {
  std::fprintf(stderr, "planted: %s\n", describe(error));
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) die(result.error());
  return std::move(result).value();
}

// Every operation that uses randomness, an export and both imports, on keys and secrets that the
// library itself marks as secret, one by one and in batches; then the mistake.
void run(std::string_view mistake) {
  const auto key = need(DecapsulationKey::generate(PairwiseTest::run));
  auto sent = need(key.encapsulation_key().encapsulate());
  const auto opened = need(key.decapsulate(sent.ciphertext));
  std::array<std::uint8_t, kDecapsulationKeySize> expanded;
  if (const auto exported = key.export_expanded(expanded); !exported) die(exported.error());
  const auto imported = need(DecapsulationKey::import_expanded(expanded));
  sent.ciphertext[0] ^= 1;
  const auto rejected = need(imported.decapsulate(sent.ciphertext));
  const auto rejected_once = need(decapsulate_with_expanded_key(expanded, sent.ciphertext));

  DecapsulationKey keys[5];  // four lanes, and one more
  if (const auto made = generate_batch(keys); !made) die(made.error());
  const EncapsulationKey* pub[5];
  const DecapsulationKey* secret[5];
  for (std::size_t i = 0; i < 5; ++i) pub[i] = &(secret[i] = &keys[i])->encapsulation_key();
  Encapsulation sent_many[5];
  if (const auto done = encapsulate_batch(pub, sent_many); !done) die(done.error());
  Ciphertext ciphertexts[5];
  for (std::size_t i = 0; i < 5; ++i) ciphertexts[i] = sent_many[i].ciphertext;
  ciphertexts[1][0] ^= 1;
  SharedSecret opened_many[5];
  if (const auto done = decapsulate_batch(secret, ciphertexts, opened_many); !done) {
    die(done.error());
  }

  if (mistake == "branch") planted_branch(*opened.expose());
  if (mistake == "branch-on-rejection") planted_branch(*rejected.expose());
  if (mistake == "branch-in-batch") planted_branch(*sent_many[4].secret.expose());
  if (mistake == "branch-on-rejection-in-batch") planted_branch(*opened_many[1].expose());
  if (mistake == "index") planted_index(*rejected_once.expose());
  if (mistake == "early-exit") planted_early_exit(*sent.secret.expose(), *opened.expose());
}

}  // namespace
}  // namespace latchkey

int main(int argc, char** argv) {
  if (argc != 2) return 1;
  latchkey::run(argv[1]);
}
