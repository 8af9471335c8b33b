// How many permutations of Keccak each operation takes: what the lane packing is for.
#include <array>
#include <ostream>
#include <vector>

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

constexpr mlkem::KemTable kOps = mlkem::make_kem_table<Counting>();

template <class F>
Permutations count(F operation) {
  counted = {};
  operation();
  return counted;
}

template <std::size_t N>
using Bytes = std::array<std::uint8_t, N>;

// One whole exchange. No stream of this matrix needs a fourth block: schedule_test.cpp says so.
struct Exchange {
  Exchange() {
    kOps.keygen(pub, sec, seed, seed);
    kOps.encode_dk(dk, pub, sec);
    kOps.encaps(c, key, pub, seed);
    std::copy(std::begin(pub.ek), std::end(pub.ek), ek.begin());
  }

  mlkem::PublicKey pub;
  mlkem::SecretKey sec;
  Bytes<32> seed{}, key{};
  Bytes<mlkem::kEncapsulationKeySize> ek{};
  Bytes<mlkem::kDecapsulationKeySize> dk{};
  Bytes<mlkem::kCiphertextSize> c{};
};

TEST_CASE("one operation takes as many permutations as its lanes allow") {
  Exchange x;
  mlkem::PublicKey pub;
  mlkem::SecretKey sec;
  CHECK(count([&] { kOps.keygen(pub, sec, x.seed, x.seed); }) == Permutations{10, 5});
  CHECK(count([&] {
          kOps.precompute_ek_vartime(pub, x.ek);
          kOps.encaps(x.c, x.key, pub, x.seed);
        }) == Permutations{11, 1});
  CHECK(count([&] { kOps.decaps_once(x.key, x.dk, x.c); }) == Permutations{13, 1});
}

TEST_CASE("a precomputed key needs no permutation for its matrix") {
  Exchange x;
  CHECK(count([&] { kOps.encaps(x.c, x.key, x.pub, x.seed); }) == Permutations{2, 1});
  CHECK(count([&] { kOps.decaps(x.key, x.pub, x.sec, x.c); }) == Permutations{4, 5});
}

TEST_CASE("four operations at once leave no lane idle that has something to hash") {
  std::vector<Exchange> x(4);
  std::vector<mlkem::KeygenJob> keygen;
  std::vector<mlkem::EncapsJob> encaps;
  std::vector<mlkem::DecapsJob> decaps;
  for (auto& e : x) {
    keygen.push_back({&e.pub, &e.sec, e.seed.data(), e.seed.data()});
    encaps.push_back({e.c.data(), e.key.data(), &e.pub, e.seed.data()});
    decaps.push_back({e.key.data(), &e.pub, &e.sec, e.c.data()});
  }
  CHECK(count([&] { kOps.keygen_many(keygen.data(), 4); }) == Permutations{43, 9});
  CHECK(count([&] { kOps.encaps_four(encaps.data(), 4); }) == Permutations{8, 0});
  CHECK(count([&] { kOps.decaps_four(decaps.data(), 4); }) == Permutations{17, 0});
}

}  // namespace
}  // namespace latchkey::test
