// How many permutations of Keccak each operation takes: what the lane packing is for.
#include <array>
#include <ostream>
#include <vector>

#include "mlkem/backends.hpp"
#include "mlkem/make_tables.hpp"
#include "ref/keccak.hpp"
#include "ref/polynomials.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

struct Permutations {
  int four_lane = 0;
  int single = 0;

  friend bool operator==(const Permutations&, const Permutations&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Permutations& p) {
    return out << p.four_lane << " four-lane and " << p.single << " single";
  }
};

Permutations counted;

// The portable backend, with its permutations counted.
struct Counting : ref::Polynomials {
  static constexpr const char* kName = "counting";
  struct Keccak4 : ref::Keccak4 {
    void permute(unsigned lanes) noexcept {
      ++counted.four_lane;
      ref::Keccak4::permute(lanes);
    }
  };
  static void keccak_f1600(std::uint64_t* words) noexcept {
    ++counted.single;
    ref::keccak_f1600(words);
  }
};

template <mlkem::ParameterSet p>
constexpr mlkem::KemTable<p> kKem = mlkem::make_kem_table<Counting, p>();

template <class F>
Permutations count(F operation) {
  counted = {};
  operation();
  return counted;
}

template <std::size_t N>
using Bytes = std::array<std::uint8_t, N>;

// One whole exchange. No stream of these matrices needs a fourth block: schedule_test.cpp says so.
template <mlkem::ParameterSet p>
struct Exchange {
  Exchange() {
    kKem<p>.keygen(pub, sec, seed, seed);
    kKem<p>.encode_dk(dk, pub, sec);
    kKem<p>.encaps(c, key, pub, seed);
    std::copy(std::begin(pub.ek), std::end(pub.ek), ek.begin());
  }

  mlkem::PublicKey<p> pub;
  mlkem::SecretKey<p> sec;
  Bytes<32> seed{1}, key{};
  Bytes<p.encapsulation_key_size()> ek{};
  Bytes<p.decapsulation_key_size()> dk{};
  Bytes<p.ciphertext_size()> c{};
};

// The tables at the heads of mlkem/schedule*.hpp, and what a batch of four takes.
struct Expected {
  Permutations keygen, precompute, encaps, decaps, encaps_once, decaps_once;
  Permutations begin, finish;
  Permutations four_keygen, four_encaps, four_decaps;
};
template <mlkem::ParameterSet p>
constexpr Expected kExpected{};
template <>
constexpr Expected kExpected<mlkem::kMlKem512>{{6, 5}, {6, 0}, {2, 1},  {4, 2}, {8, 1}, {8, 0},
                                               {5, 1}, {3, 3}, {33, 6}, {8, 0}, {14, 0}};
template <>
constexpr Expected kExpected<mlkem::kMlKem768>{{10, 5}, {9, 0}, {2, 1},  {4, 5}, {11, 1}, {13, 1},
                                               {9, 1},  {3, 6}, {43, 9}, {8, 0}, {17, 0}};
template <>
constexpr Expected kExpected<mlkem::kMlKem1024>{{16, 5},  {15, 0}, {3, 1},  {4, 8},
                                                {18, 0},  {21, 0}, {14, 1}, {3, 9},
                                                {69, 12}, {10, 0}, {22, 0}};

LATCHKEY_TEST_OF_SETS("one operation takes as many permutations as its lanes allow") {
  Exchange<p> x;
  mlkem::PublicKey<p> pub;
  mlkem::SecretKey<p> sec;
  CHECK(count([&] { kKem<p>.keygen(pub, sec, x.seed, x.seed); }) == kExpected<p>.keygen);
  CHECK(count([&] { kKem<p>.precompute_ek_vartime(pub, x.ek); }) == kExpected<p>.precompute);
  CHECK(count([&] { kKem<p>.encaps_once(x.c, x.key, pub, x.ek, x.seed); }) ==
        kExpected<p>.encaps_once);
  CHECK(count([&] { kKem<p>.decaps_once(x.key, x.dk, x.c); }) == kExpected<p>.decaps_once);
}

LATCHKEY_TEST_OF_SETS("a precomputed key needs no permutation for its matrix") {
  Exchange<p> x;
  CHECK(count([&] { kKem<p>.encaps(x.c, x.key, x.pub, x.seed); }) == kExpected<p>.encaps);
  CHECK(count([&] { kKem<p>.decaps(x.key, x.pub, x.sec, x.c); }) == kExpected<p>.decaps);
}

LATCHKEY_TEST_OF_SETS("incremental encapsulation uses the lanes beside the matrix and H(ek)") {
  Exchange<p> x;
  Bytes<p.c1_size()> c1;
  Bytes<p.v_size()> c2;
  const auto t_hat = std::span(x.ek).template first<p.vector_size()>();
  const auto rho = std::span(x.ek).template last<32>();
  const mlkem::In<32> h(x.pub.h);
  CHECK(count([&] { kKem<p>.encaps_begin(c1, rho, h, x.seed); }) == kExpected<p>.begin);
  CHECK(count([&] { kKem<p>.encaps_finish(c2, x.key, t_hat, rho, h, x.seed); }) ==
        kExpected<p>.finish);
}

LATCHKEY_TEST_OF_SETS("four operations at once leave no lane idle that has something to hash") {
  std::vector<Exchange<p>> x(4);
  std::vector<mlkem::KeygenJob<p>> keygen;
  std::vector<mlkem::EncapsJob<p>> encaps;
  std::vector<mlkem::DecapsJob<p>> decaps;
  for (auto& e : x) {
    keygen.push_back({&e.pub, &e.sec, e.seed.data(), e.seed.data()});
    encaps.push_back({e.c.data(), e.key.data(), &e.pub, e.seed.data()});
    decaps.push_back({e.key.data(), &e.pub, &e.sec, e.c.data()});
  }
  CHECK(count([&] { kKem<p>.keygen_many(keygen.data(), 4); }) == kExpected<p>.four_keygen);
  CHECK(count([&] { kKem<p>.encaps_four(encaps.data(), 4); }) == kExpected<p>.four_encaps);
  CHECK(count([&] { kKem<p>.decaps_four(decaps.data(), 4); }) == kExpected<p>.four_decaps);
}

}  // namespace
}  // namespace latchkey::test
