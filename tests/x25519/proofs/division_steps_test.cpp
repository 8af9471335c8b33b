// Division steps of inverse.hpp against their definition.

#include <algorithm>
#include <cstdio>
#include <vector>

#include "support/catch.hpp"
#include "x25519/inverse.hpp"
#include "x25519/proofs/big.hpp"
#include "x25519/proofs/residue.hpp"

namespace latchkey::test {
namespace {

using namespace x25519;

// zeta = -(delta + 1/2)
constexpr std::int64_t zeta_of(std::int64_t twice_delta) { return -(twice_delta + 1) / 2; }

bool is_same(const Steps& a, const DivisionSteps<std::int64_t>& b) {
  const auto is = [](std::int64_t entry, std::uint64_t bits) {
    return static_cast<std::uint64_t>(entry) == bits;
  };
  return is(a.u, b.u) && is(a.v, b.v) && is(a.q, b.q) && is(a.r, b.r);
}

// Words at the ends of their range, with long runs of one bit, and random ones.
std::vector<std::uint64_t> patterns(Random& random, unsigned random_ones) {
  std::vector<std::uint64_t> words = {0, 1, 2, 3, ~std::uint64_t{0}, 0x5555555555555555};
  for (unsigned n = 1; n < 64; ++n) {
    words.push_back(std::uint64_t{1} << n);
    words.push_back((std::uint64_t{1} << n) - 1);
    words.push_back(~std::uint64_t{0} << n);
    words.push_back((std::uint64_t{1} << n) + 1);
  }
  for (unsigned i = 0; i < random_ones; ++i)
    words.push_back(base::load_le64(random.bytes<8>().data()));
  return words;
}

#ifdef __x86_64__
TEST_CASE("A division step by conditional moves is one by masks") {
  Random random;
  const auto words = patterns(random, 300);
  int differing = 0;
  const auto compare = [&](std::int64_t zeta, std::int64_t f, std::int64_t g) {
    // A sum of f and g may have 63 bits and a sign.
    f >>= 2, g >>= 2;
    std::int64_t zeta_by_masks = zeta, f_by_masks = f, g_by_masks = g;
    divstep_by_moves(zeta, f, g);
    divstep_by_masks(zeta_by_masks, f_by_masks, g_by_masks);
    if (zeta != zeta_by_masks || f != f_by_masks || g != g_by_masks) ++differing;
  };
  for (const std::int64_t zeta : {-591, -2, -1, 0, 1, 590}) {
    for (const std::uint64_t f : words) {
      for (const std::uint64_t g : words) {
        compare(zeta, static_cast<std::int64_t>(f), static_cast<std::int64_t>(g));
      }
    }
  }
  CHECK(differing == 0);
}
#endif

// n steps depend on n bits of f and g.
template <unsigned n>
void check_all_bits() {
  for (std::int64_t twice_delta = -2 * int{n} - 1; twice_delta <= 2 * int{n} + 1;
       twice_delta += 2) {
    int differing = 0;
    for (std::int64_t f = 1; f < 1 << n; f += 2) {
      for (std::int64_t g = 0; g < 1 << n; ++g) {
        DivisionSteps<std::int64_t> expected{twice_delta, f, g};
        expected.steps(n);
        std::int64_t zeta = zeta_of(twice_delta);
        const Steps steps =
            divsteps<n>(zeta, static_cast<std::uint64_t>(f), static_cast<std::uint64_t>(g));
        if (!is_same(steps, expected) || zeta != zeta_of(expected.twice_delta)) ++differing;
      }
    }
    INFO(n << " steps from 2 delta = " << twice_delta);
    CHECK(differing == 0);
  }
}
TEST_CASE("Few division steps are those of the definition, for all bits") {
  check_all_bits<1>();
  check_all_bits<2>();
  check_all_bits<5>();
  check_all_bits<8>();
}

template <unsigned n, class F>
void check_patterns(F steps_of) {
  Random random;
  const auto words = patterns(random, 100);
  for (const std::int64_t twice_delta : {-1181, -3, -1, 1, 3, 1181}) {
    int differing = 0;
    for (const std::uint64_t odd : words) {
      for (const std::uint64_t g : words) {
        const std::uint64_t f = odd | 1;
        const auto halved = [](std::uint64_t x) { return static_cast<std::int64_t>(x << 2) >> 2; };
        DivisionSteps<std::int64_t> expected{twice_delta, halved(f), halved(g)};
        expected.steps(n);
        std::int64_t zeta = zeta_of(twice_delta);
        if (!is_same(steps_of(zeta, f, g), expected) || zeta != zeta_of(expected.twice_delta)) {
          ++differing;
        }
      }
    }
    INFO(n << " steps from 2 delta = " << twice_delta);
    CHECK(differing == 0);
  }
}
TEST_CASE("Division steps are those of the definition, for extreme and random bits") {
  check_patterns<kStepsAtOnce>([](std::int64_t& zeta, std::uint64_t f, std::uint64_t g) {
    return divsteps<kStepsAtOnce>(zeta, f, g);
  });
  check_patterns<kStepsOfMatrix - 2 * kStepsAtOnce>(
      [](std::int64_t& zeta, std::uint64_t f, std::uint64_t g) {
        return divsteps<kStepsOfMatrix - 2 * kStepsAtOnce>(zeta, f, g);
      });
  check_patterns<kStepsOfMatrix>(
      [](std::int64_t& zeta, std::uint64_t f, std::uint64_t g) { return matrix(zeta, f, g); });
}

// After 20 steps: |low| <= 2^20, and |u| + |v| <= 2^20 without u = -2^20 and v = -2^20.
TEST_CASE("unpack() finds what a row has, at its extremes, too") {
  constexpr std::int64_t kOne = 1 << kStepsAtOnce;
  const std::int64_t lows[] = {-kOne, -kOne + 1, -1, 0, 1, kOne - 1};
  std::vector<std::int64_t> numbers = {-kOne + 1, -kOne + 2, -1, 0, 1, kOne - 1, kOne};
  for (std::int64_t n = 2; n < kOne; n *= 2) numbers.insert(numbers.end(), {n, -n, n - 1, 1 - n});
  int differing = 0, rows = 0;
  for (const std::int64_t low : lows) {
    for (const std::int64_t u : numbers) {
      for (const std::int64_t v : numbers) {
        if (std::abs(u) + std::abs(v) > kOne) continue;
        ++rows;
        const Row row = unpack(low - u * (kOne << 1) - v * (kOne << 22));
        if (row.u != u || row.v != v) ++differing;
      }
    }
  }
  CHECK(rows > 10'000);
  CHECK(differing == 0);
}

Big big_of(const Signed& x) {
  Big sum;
  for (std::size_t k = 5; k-- > 0;) {
    sum = sum.times_power_of_two(kStepsOfMatrix) + Big(x.limb[k]);
  }
  return sum;
}
Big big_of(const Residue& x) {
  Big sum;
  for (std::size_t i = Residue::kWords; i-- > 0;)
    sum = sum.times_power_of_two(32) + Big(x.words()[i]);
  return sum;
}
const Big kModulus = Big(1).times_power_of_two(255) - Big(19);

ScalarField::Factor factor_of(const Residue& x) {
  Words words;
  for (std::size_t i = 0; i < 4; ++i) {
    words.word[i] = std::uint64_t{x.words()[2 * i + 1]} << 32 | x.words()[2 * i];
  }
  return ScalarField::factor(from_words(words));
}

std::vector<Residue> inputs(unsigned random_ones) {
  std::vector<Residue> all = {Residue(0), Residue(1), Residue(2), inverse(Residue(2))};
  for (unsigned n = 1; n < 256; ++n) {
    const Residue power = Residue::power_of_two(n);
    all.insert(all.end(),
               {power, power - Residue(1), power + Residue(1), Residue(0) - power, inverse(power)});
    for (unsigned m = 5; m < n; m += 31) all.push_back(power - Residue::power_of_two(m));
  }
  all.push_back(Residue(0) - Residue(1));
  Random random;
  for (unsigned i = 0; i < random_ones; ++i) all.push_back(Residue::of_random(random));
  return all;
}

TEST_CASE("The matrices take f and g of a whole inversion where the definition takes them") {
  int differing = 0;
  for (const Residue& a : inputs(100)) {
    DivisionSteps<Big> expected{1, kModulus, big_of(a)};
    Signed f = to_signed(to_words(factor_of(Residue(0) - Residue(1)))),
           g = to_signed(to_words(factor_of(a)));
    f.limb[0] += 1;  // p
    std::int64_t zeta = zeta_of(1);
    for (unsigned i = 0; i < kMatrices; ++i) {
      const Steps steps = matrix(zeta, static_cast<std::uint64_t>(f.limb[0]),
                                 static_cast<std::uint64_t>(g.limb[0]));
      apply(steps, f, g);
      expected.steps(kStepsOfMatrix);
      if (big_of(f) != expected.f || big_of(g) != expected.g) ++differing;
    }
  }
  CHECK(differing == 0);
}

// That 590 steps suffice for all numbers of 256 bits is a theorem: P. Wuille, "Bounds on divsteps
// iterations in safegcd" (2021), which computes the convex hulls of what f and g can be; proved in
// HOL Light in s2n-bignum.
TEST_CASE("590 division steps are enough") {
  constexpr unsigned kSteps = kMatrices * kStepsOfMatrix;
  static_assert(kSteps == 590);
  unsigned most = 0;
  int wrong = 0;
  for (const Residue& a : inputs(1000)) {
    if (a == Residue(0)) continue;
    DivisionSteps<Big> steps{1, kModulus, big_of(a)};
    unsigned needed = 0;
    while (steps.g != Big(0) && needed <= kSteps) steps.step(), ++needed;
    if (steps.f != Big(1) && steps.f != Big(-1)) ++wrong;
    most = std::max(most, needed);
  }
  std::printf("division steps: at most %u\n", most);
  CHECK(most > 500);
  CHECK(most <= kSteps);
  CHECK(wrong == 0);
}

TEST_CASE("A number times its inverse is 1, and 0 has the inverse 0") {
  int wrong = 0;
  for (const Residue& a : inputs(1000)) {
    const Residue inverse = value_of(invert(factor_of(a)).limb);
    if (a * inverse != Residue(a == Residue(0) ? 0 : 1)) ++wrong;
  }
  // Any limbs of a factor, multiples of p, too.
  Random random;
  for (int i = 0; i < 1000; ++i) {
    ScalarField::Factor a;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      a.limb[k] = i < 4 ? static_cast<std::uint64_t>(i) * modulus_limb(k)
                        : base::load_le64(random.bytes<8>().data()) % ScalarField::kFactorBound;
      if (i % 16 == 5) a.limb[k] = ScalarField::kFactorBound - 1;
    }
    const Residue value = value_of(a.limb), inverse = value_of(invert(a).limb);
    if (value * inverse != Residue(value == Residue(0) ? 0 : 1)) ++wrong;
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace latchkey::test
