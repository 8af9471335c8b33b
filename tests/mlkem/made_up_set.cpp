// A parameter set that FIPS 203 does not have, on the portable backend: it needs the one line
// below.
//
// usage: made-up-set D Z M, each 32 bytes in hexadecimal. Prints ek, dk, c, K, and K_bar of the
// ciphertext whose first bit is changed.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "mlkem/make_tables.hpp"
#include "ref/keccak.hpp"
#include "ref/polynomials.hpp"

namespace latchkey::test {
namespace {

// made_up_set_test.py has the same list. The last two have noise of two widths, and no lane to
// spare.
constexpr mlkem::ParameterSet kSets[] = {
    {5, 2, 2, 11, 5},
    {5, 3, 2, 10, 4},
    {3, 3, 2, 10, 4},
};

struct ThisBackend : ref::Polynomials {
  static constexpr const char* kName = "made up";
  using Keccak4 = ref::Keccak4;
  static constexpr auto keccak_f1600 = ref::keccak_f1600;
};
template <mlkem::ParameterSet p>
constexpr mlkem::KemTable<p> kTable = mlkem::make_kem_table<ThisBackend, p>();

using Secret = std::array<std::uint8_t, 32>;

Secret from_hex(const char* text) {
  Secret bytes{};
  if (std::strlen(text) != 2 * bytes.size()) std::exit(2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char digits[] = {text[2 * i], text[2 * i + 1], 0};
    bytes[i] = static_cast<std::uint8_t>(std::strtoul(digits, nullptr, 16));
  }
  return bytes;
}

void print(std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) std::printf("%02x", byte);
  std::puts("");
}

void require(bool right) {
  if (!right) std::exit(1);
}

template <mlkem::ParameterSet kMadeUp>
void run(const Secret& d, const Secret& z, const Secret& m) {
  constexpr const auto& kKem = kTable<kMadeUp>;
  static mlkem::PublicKey<kMadeUp> pub, parsed;
  static mlkem::SecretKey<kMadeUp> sec, imported;
  std::array<std::uint8_t, kMadeUp.decapsulation_key_size()> dk;
  std::array<std::uint8_t, kMadeUp.ciphertext_size()> c;
  Secret K, opened, rejected;
  kKem.keygen(pub, sec, d, z);
  kKem.encode_dk(dk, pub, sec);
  require(kKem.precompute_ek_vartime(parsed, mlkem::In<kMadeUp.encapsulation_key_size()>(pub.ek)) ==
          mlkem::KeyCheck::passed);
  kKem.encaps(c, K, parsed, m);
  print(pub.ek);
  print(dk);
  print(c);
  print(K);
  // Each way to decapsulate: with the key, with the imported one, at once, and in a batch.
  require(kKem.precompute_dk(parsed, imported, dk) == mlkem::KeyCheck::passed);
  for (int changed = 0; changed < 2; ++changed) {
    kKem.decaps(rejected, pub, sec, c);
    require(changed == 1 || rejected == K);
    kKem.decaps(opened, parsed, imported, c);
    require(opened == rejected);
    require(kKem.decaps_once(opened, dk, c) == mlkem::KeyCheck::passed && opened == rejected);
    const mlkem::DecapsJob<kMadeUp> job{opened.data(), &pub, &sec, c.data()};
    kKem.decaps_four(&job, 1);
    require(opened == rejected);
    c[0] ^= 1;
  }
  print(rejected);
  const auto before = c;
  c = {};
  const mlkem::EncapsJob<kMadeUp> encaps{c.data(), opened.data(), &pub, m.data()};
  kKem.encaps_four(&encaps, 1);
  require(c == before && opened == K);
  const std::span ek(pub.ek);
  c = {};
  require(kKem.encaps_once(c, opened, parsed, ek, m) == mlkem::KeyCheck::passed);
  require(c == before && opened == K);
  const mlkem::In<32> h(pub.h);
  kKem.encaps_begin(std::span(c).template first<kMadeUp.c1_size()>(), ek.template last<32>(), h, m);
  require(kKem.encaps_finish(std::span(c).template last<kMadeUp.v_size()>(), opened,
                             ek.template first<kMadeUp.vector_size()>(), ek.template last<32>(), h,
                             m) == mlkem::KeyCheck::passed);
  require(c == before && opened == K);
  const mlkem::KeygenJob<kMadeUp> keygen{&parsed, &imported, d.data(), z.data()};
  kKem.keygen_many(&keygen, 1);
  require(std::memcmp(parsed.ek, pub.ek, sizeof pub.ek) == 0 &&
          std::memcmp(parsed.h, pub.h, sizeof pub.h) == 0);
}

}  // namespace
}  // namespace latchkey::test

int main(int argc, char** argv) {
  using namespace latchkey::test;
  if (argc != 5) return 2;
  constexpr void (*kRuns[])(const Secret&, const Secret&, const Secret&) = {
      run<kSets[0]>, run<kSets[1]>, run<kSets[2]>};
  const auto set = std::strtoul(argv[1], nullptr, 10);
  if (set >= std::size(kRuns)) return 2;
  kRuns[set](from_hex(argv[2]), from_hex(argv[3]), from_hex(argv[4]));
}
