// What memcheck runs beside the known answers: the library as it should be used, on secrets of its
// own, and mistakes with those secrets, which must be found.
//
//   planted clean ROUNDS   on every backend; prints their names
//   planted mistakes       each mistake of controls.cpp, and a branch on each kind of secret

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "ct/controls.hpp"
#include "dispatch/dispatch.hpp"
#include "latchkey/batch.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey {
namespace {

[[noreturn]] void die(Error error) {
  std::fprintf(stderr, "planted: %s\n", describe(error));
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) die(result.error());
  return std::move(result).value();
}

struct Secrets {
  SharedSecret sent, opened, rejected, rejected_once, sent_in_batch, rejected_in_batch;
};

// Every operation that uses randomness, an export and both imports, one by one and in batches. The
// library itself marks its randomness as secret.
Secrets work() {
  const auto key = need(DecapsulationKey::generate(PairwiseTest::run));
  auto sent = need(key.encapsulation_key().encapsulate());
  auto opened = need(key.decapsulate(sent.ciphertext));
  std::array<std::uint8_t, kDecapsulationKeySize> expanded;
  if (const auto exported = key.export_expanded(expanded); !exported) die(exported.error());
  const auto imported = need(DecapsulationKey::import_expanded(expanded));
  sent.ciphertext[0] ^= 1;
  auto rejected = need(imported.decapsulate(sent.ciphertext));
  auto rejected_once = need(decapsulate_with_expanded_key(expanded, sent.ciphertext));

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

  return {std::move(sent.secret),
          std::move(opened),
          std::move(rejected),
          std::move(rejected_once),
          std::move(sent_many[4].secret),
          std::move(opened_many[1])};
}

void run_clean(int rounds) {
  for (const auto& row : dispatch::rows()) {
    if (!row.supported()) continue;
    dispatch::use(row.kem->name);
    for (int i = 0; i < rounds; ++i) work();
    std::puts(row.kem->name);
  }
}

// A function of its own for each kind of secret: memcheck names it above the mistake.
template <SharedSecret Secrets::*kind>
[[gnu::noinline]] void branch_on(const Secrets& secrets) {
  controls::all()[1].function((secrets.*kind).expose()->data());
  asm volatile("");  // no tail call, which would leave no trace of this function
}

void make_mistakes() {
  const Secrets secrets = work();
  branch_on<&Secrets::sent>(secrets);
  branch_on<&Secrets::opened>(secrets);
  branch_on<&Secrets::rejected>(secrets);
  branch_on<&Secrets::rejected_once>(secrets);
  branch_on<&Secrets::sent_in_batch>(secrets);
  branch_on<&Secrets::rejected_in_batch>(secrets);
  for (const auto& control : controls::all()) control.function(secrets.opened.expose()->data());
}

}  // namespace
}  // namespace latchkey

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "clean" && argc == 3) {
    latchkey::run_clean(std::atoi(argv[2]));
  } else if (mode == "mistakes" && argc == 2) {
    latchkey::make_mistakes();
  } else {
    return 2;
  }
}
