// A program for the tracer: one operation of the library, between two breakpoints.
//
//   trace-subject BACKEND OPERATION SEED INDEX
//   trace-subject FORM OPERATION SEED INDEX     for the operations x25519-*
//   trace-subject backends                      lists those that run here
//   trace-subject forms                         so, too
//
// Secrets follow from SEED and INDEX, public inputs from SEED alone where they must be the same.
// Of decapsulations, those with an odd INDEX are of ciphertexts that were not made for the key. Of
// X25519, they are with peers of low order.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>

#include "api/hash.hpp"
#include "ct/controls.hpp"
#include "dispatch/dispatch.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "latchkey/latchkey_mlkem_bytes.h"
#include "shake128.hpp"

#if __has_attribute(noipa)
#define LATCHKEY_MARKER [[gnu::noipa]]
#else
#define LATCHKEY_MARKER [[gnu::noinline]]
#endif

namespace latchkey {
namespace {

constexpr std::size_t kVectorSize = mlkem::kMlKem768.vector_size();

[[noreturn]] void die(const char* reason) {
  std::fprintf(stderr, "trace-subject: %s\n", reason);
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) die(describe(result.error()));
  return std::move(result).value();
}

// What is traced lies between these two, in a function that is compiled once: a compiler that saw
// more would make copies of it.
LATCHKEY_MARKER void begin_trace() { asm volatile("int3" ::: "memory"); }
LATCHKEY_MARKER void end_trace() { asm volatile("int3" ::: "memory"); }

template <class F>
[[gnu::noinline]] auto traced(F operation) {
  begin_trace();
  auto result = operation();
  end_trace();
  return result;
}

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t index) : engine_(seed ^ (index << 48)) {}

  template <std::size_t N>
  std::array<std::uint8_t, N> bytes() {
    std::array<std::uint8_t, N> result;
    for (auto& byte : result) byte = static_cast<std::uint8_t>(engine_() >> 32);
    return result;
  }

  // An encoded secret vector: any numbers below q.
  void fill_vector(std::uint8_t* encoded) {
    for (std::size_t i = 0; i < kVectorSize; i += 3) {
      const auto a = static_cast<unsigned>(engine_() >> 16) % mlkem::kQ;
      const auto b = static_cast<unsigned>(engine_() >> 16) % mlkem::kQ;
      encoded[i] = static_cast<std::uint8_t>(a);
      encoded[i + 1] = static_cast<std::uint8_t>(a >> 8 | b << 4);
      encoded[i + 2] = static_cast<std::uint8_t>(b >> 4);
    }
  }

 private:
  std::mt19937_64 engine_;
};

// Whether three blocks of SHAKE128 make each entry of the matrix of d's key: then how many
// permutations there are does not depend on it. Makes no key: how many it takes until there is one
// depends on the secret, and they would leave their traces on the heap.
bool takes_three_blocks(std::span<const std::uint8_t, 32> d) {
  std::array<std::uint8_t, 64> seeds;  // rho || sigma = G(d || k)
  const std::uint8_t k[] = {mlkem::kMlKem768.k};
  hash(seeds, {mlkem::kSha3_512Rate, mlkem::kSha3Domain}, {d, k});
  for (unsigned entry = 0; entry < mlkem::kMlKem768.k * mlkem::kMlKem768.k; ++entry) {
    kat::Shake128 stream;
    std::array<std::uint8_t, 3 * mlkem::kShake128Rate> block;
    const std::uint8_t tail[] = {static_cast<std::uint8_t>(entry % mlkem::kMlKem768.k),
                                 static_cast<std::uint8_t>(entry / mlkem::kMlKem768.k)};
    stream.absorb(std::span(seeds).first<32>());
    stream.absorb(tail);
    stream.squeeze(block);
    std::size_t count = 0;
    for (std::size_t i = 0; i < block.size(); i += 3) {
      count += (block[i] | (block[i + 1] & 0xfu) << 8) < mlkem::kQ;
      count += (block[i + 1] >> 4 | block[i + 2] << 4) < mlkem::kQ;
    }
    if (count < mlkem::kN) return false;
  }
  return true;
}

bool same(const SharedSecret& a, const SharedSecret& b) {
  return std::ranges::equal(need(a.expose()), need(b.expose()));
}

// All of d and z varies, and with it rho. The tracer leaves out reject_vartime.
void keygen(Random& secret) {
  auto d = secret.bytes<32>();
  while (!takes_three_blocks(d)) d = secret.bytes<32>();
  const auto z = secret.bytes<32>();
  need(traced([&] { return derand::keygen(d, z); }));
}

// Only z varies, and nothing need be left out.
void keygen_same_rho(Random& fixed, Random& secret) {
  const auto d = fixed.bytes<32>(), z = secret.bytes<32>();
  need(traced([&] { return derand::keygen(d, z); }));
}

void encaps(Random& fixed, Random& secret) {
  const auto key = need(DecapsulationKey::from_seed(fixed.bytes<64>()));
  const auto m = secret.bytes<32>();
  const auto sent = need(traced([&] { return derand::encapsulate(key.encapsulation_key(), m); }));
  if (!same(sent.secret, need(key.decapsulate(sent.ciphertext)))) die("another secret");
}

// The same from the encoding of the key, which is used once.
void encaps_once(Random& fixed, Random& secret) {
  const auto key = need(DecapsulationKey::from_seed(fixed.bytes<64>()));
  const auto m = secret.bytes<32>();
  Ciphertext c;
  std::array<std::uint8_t, kSharedSecretSize> sent;
  traced([&] {
    const auto* ek = key.encapsulation_key().bytes().data();
    return latchkey_mlkem768_encapsulate_derand(c.data(), sent.data(), ek, m.data());
  });
  const auto opened = need(key.decapsulate(c));
  if (!std::ranges::equal(sent, need(opened.expose()))) die("another secret");
}

// rho, ek and with them all of the matrix are the same in all.
void encaps_begin(Random& fixed, Random& secret) {
  const auto key = need(DecapsulationKey::from_seed(fixed.bytes<64>()));
  const auto parts = need(parts_of(key.encapsulation_key()));
  const auto m = secret.bytes<32>();
  need(traced([&] { return derand::begin_encapsulation(parts.header, m); }));
}

void encaps_finish(Random& fixed, Random& secret) {
  const auto key = need(DecapsulationKey::from_seed(fixed.bytes<64>()));
  const auto parts = need(parts_of(key.encapsulation_key()));
  auto begun = need(derand::begin_encapsulation(parts.header, secret.bytes<32>()));
  SharedSecret early;
  const auto end = need(traced([&] {
    early = need(begun.state.early_secret());
    return begun.state.finish(parts.t_hat);
  }));
  Ciphertext c;
  std::ranges::copy(end.c2, std::ranges::copy(begun.c1, c.begin()).out);
  const auto opened = need(key.decapsulate(c));
  if (!same(end.secret, opened) || !same(early, opened)) die("another secret");
}

struct DecapsInputs {
  std::array<std::uint8_t, kDecapsulationKeySize> dk;
  Encapsulation sent;
};

// A key and a ciphertext for it; the key is made of `fixed` and has a z of `secret`. If not valid,
// another secret vector: the ciphertext, though unchanged, was not made for that.
DecapsInputs decaps_inputs(Random& fixed, Random& secret, bool valid) {
  DecapsInputs in;
  const auto key = need(DecapsulationKey::from_seed(fixed.bytes<64>()));
  const auto own_m = secret.bytes<32>(), m = fixed.bytes<32>();
  in.sent = need(derand::encapsulate(key.encapsulation_key(), valid ? own_m : m));
  if (const auto done = key.export_expanded(in.dk); !done) die(describe(done.error()));
  if (!valid) secret.fill_vector(in.dk.data());
  std::ranges::copy(secret.bytes<32>(), in.dk.end() - 32);
  return in;
}

void check(const DecapsInputs& in, const SharedSecret& opened, bool valid) {
  if (same(in.sent.secret, opened) != valid) die("another secret");
}

// Valid: all of the key varies, and the ciphertext with it. Not valid: the secret half of the key
// varies, rho, ek and the ciphertext do not.
void decaps(Random& fixed, Random& secret, bool valid) {
  const auto in = decaps_inputs(valid ? secret : fixed, secret, valid);
  const auto key = need(DecapsulationKey::import_expanded(in.dk, ExpandedKeyCheck::hash_only));
  check(in, need(traced([&] { return key.decapsulate(in.sent.ciphertext); })), valid);
}

// rho and ek are the same in all. Valid: z and the message vary. Not valid: s_hat and z vary.
void decaps_once(Random& fixed, Random& secret, bool valid) {
  const auto in = decaps_inputs(fixed, secret, valid);
  check(in, need(traced([&] { return decapsulate_with_expanded_key(in.dk, in.sent.ciphertext); })),
        valid);
}

// All of the key varies, and the ciphertext with it. Not valid: the ciphertext is another key's.
void xwing_decaps(Random& secret, bool valid) {
  const auto key = need(xwing::DecapsulationKey::from_seed(secret.bytes<xwing::kSeedSize>()));
  const auto other = need(xwing::DecapsulationKey::from_seed(secret.bytes<xwing::kSeedSize>()));
  const auto eseed = secret.bytes<xwing::kEncapsulationSeedSize>();
  const auto sent = need(derand::encapsulate((valid ? key : other).encapsulation_key(), eseed));
  const auto opened = need(traced([&] { return key.decapsulate(sent.ciphertext); }));
  if (same(sent.secret, opened) != valid) die("another secret");
}

void xwing_encaps(Random& fixed, Random& secret) {
  const auto key = need(xwing::DecapsulationKey::from_seed(fixed.bytes<xwing::kSeedSize>()));
  const auto eseed = secret.bytes<xwing::kEncapsulationSeedSize>();
  const auto sent =
      need(traced([&] { return derand::encapsulate(key.encapsulation_key(), eseed); }));
  if (!same(sent.secret, need(key.decapsulate(sent.ciphertext)))) die("another secret");
}

// Two parties, of whose secrets all varies. Not valid: the peer's public key is of low order.
struct Exchange {
  using Bytes = std::array<std::uint8_t, x25519::kSize>;

  Exchange(const x25519::Table& form, Random& random, bool valid)
      : secret(random.bytes<32>()), others_secret(random.bytes<32>()) {
    if (valid) form.public_key(peer, others_secret);
  }
  void check(const x25519::Table& form, bool has_pub, bool has_shared) const {
    Bytes expected_pub, expected{};
    form.public_key(expected_pub, secret);
    if (peer != Bytes{}) form.shared_secret(expected, others_secret, expected_pub);
    if (has_pub && pub != expected_pub) die("another public key");
    if (has_shared && shared != expected) die("another secret");
  }

  Bytes secret, others_secret, peer{}, pub, shared;
};

constexpr std::size_t kJobs = 3;  // of which the second makes a public key, too

void run_form(const x25519::Table& form, std::string_view operation, Random& secret, bool valid) {
  static Exchange exchanges[kJobs] = {
      {form, secret, valid}, {form, secret, true}, {form, secret, true}};
  auto& [mine, second, third] = exchanges;
  static x25519::Job jobs[kJobs];
  for (std::size_t i = 0; i < kJobs; ++i) {
    Exchange& of = exchanges[i];
    jobs[i] = {i == 1 ? of.pub.data() : nullptr, of.shared.data(), of.secret.data(),
               of.peer.data()};
  }
  const bool is_public = operation == "x25519-public", is_shared = operation == "x25519-shared",
             is_both = operation == "x25519-both", is_jobs = operation == "x25519-jobs";
  if (!is_public && !is_shared && !is_both && !is_jobs) die("no such operation");
  traced([&] {
    if (is_public) form.public_key(mine.pub, mine.secret);
    if (is_shared) form.shared_secret(mine.shared, mine.secret, mine.peer);
    if (is_both) form.public_and_shared(mine.pub, mine.shared, mine.secret, mine.peer);
    if (is_jobs) form.run_jobs(jobs, kJobs);
    return 0;
  });
  mine.check(form, is_public || is_both, !is_public);
  for (std::size_t i = 1; is_jobs && i < kJobs; ++i) exchanges[i].check(form, i == 1, true);
}

const x25519::Table& find_form(std::string_view name) {
  for (const auto& form : dispatch::forms()) {
    if (form.supported() && form.table->name == name) return *form.table;
  }
  die("no such form here");
}

// The first secret is what the comparison with an early exit waits for; the first bits alternate.
void control(std::string_view name, Random& secret, std::uint64_t index) {
  auto bytes = secret.bytes<32>();
  if (index == 0) bytes = {};
  bytes[0] = static_cast<std::uint8_t>(index * 37);
  for (const auto& known : controls::all()) {
    if (name != known.name) continue;
    traced([&] {
      known.function(bytes.data());
      return 0;
    });
    return;
  }
  die("no such operation");
}

void run(std::string_view backend, std::string_view operation, std::uint64_t seed,
         std::uint64_t index) {
  Random fixed(seed, 0), secret(seed, index + 1);
  const bool valid = index % 2 == 0;
  if (operation.starts_with("x25519-"))
    return run_form(find_form(backend), operation, secret, valid);
  if (!dispatch::use(backend)) die("no such backend here");
  if (operation == "keygen") {
    keygen(secret);
  } else if (operation == "keygen-same-rho") {
    keygen_same_rho(fixed, secret);
  } else if (operation == "encaps") {
    encaps(fixed, secret);
  } else if (operation == "encaps-once") {
    encaps_once(fixed, secret);
  } else if (operation == "encaps-begin") {
    encaps_begin(fixed, secret);
  } else if (operation == "encaps-finish") {
    encaps_finish(fixed, secret);
  } else if (operation == "decaps") {
    decaps(fixed, secret, valid);
  } else if (operation == "decaps-once") {
    decaps_once(fixed, secret, valid);
  } else if (operation == "xwing-encaps") {
    xwing_encaps(fixed, secret);
  } else if (operation == "xwing-decaps") {
    xwing_decaps(secret, valid);
  } else {
    control(operation, secret, index);
  }
}

}  // namespace
}  // namespace latchkey

int main(int argc, char** argv) {
  using namespace latchkey;
  if (argc == 2 && std::string_view(argv[1]) == "backends") {
    for (const auto& backend : dispatch::backends()) {
      if (backend.supported()) std::puts(backend.hash->name);
    }
    return 0;
  }
  if (argc == 2 && std::string_view(argv[1]) == "forms") {
    for (const auto& form : dispatch::forms()) {
      if (form.supported()) std::puts(form.table->name);
    }
    return 0;
  }
  if (argc != 5) return 2;
  run(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10));
}
