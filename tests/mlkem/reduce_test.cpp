// The scalar reductions of mlkem/reduce.hpp, over their whole domains. Each check fails when the
// constant that it is about is one off: that is a test, too.
#include "mlkem/reduce.hpp"

#include <cstdlib>
#include <limits>

#include "mlkem/oracle.hpp"
#include "ref/ntt.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::kN;
using mlkem::kQ;
using oracle::mod_q;

constexpr int kLowest = std::numeric_limits<std::int16_t>::min();
constexpr int kHighest = std::numeric_limits<std::int16_t>::max();

std::int64_t r_inverse() { return oracle::inverse(65536); }

// Calls check(x) for every int16_t; the number of times that it said no.
template <class F>
int failures(F check) {
  int count = 0;
  for (int x = kLowest; x <= kHighest; ++x) count += check(static_cast<std::int16_t>(x)) ? 0 : 1;
  return count;
}

template <std::int32_t factor>
int barrett_failures() {
  return failures([](std::int16_t x) {
    const int r = mlkem::barrett_reduce<factor>(x);
    return std::abs(r) <= (kQ - 1) / 2 && mod_q(r) == mod_q(x);
  });
}

TEST_CASE("barrett_reduce gives every 16-bit number's residue that is nearest to zero") {
  CHECK(barrett_failures<mlkem::kBarrettFactor>() == 0);
  CHECK(barrett_failures<mlkem::kBarrettFactor + 1>() > 0);
  CHECK(barrett_failures<mlkem::kBarrettFactor - 1>() > 0);
}

TEST_CASE("canonical is every 16-bit number's residue in 0 to q - 1") {
  CHECK(failures([](std::int16_t x) { return mlkem::canonical(x) == mod_q(x); }) == 0);
}

// multiply() takes constant R, modulo q, and divides by R.
int multiplication_failures(mlkem::Factor factor, std::int64_t constant) {
  std::int64_t expected = mod_q(kLowest * constant);
  return failures([&](std::int16_t x) {
    const int product = mlkem::multiply(x, factor);
    const auto difference = product - expected;
    expected += mod_q(constant);
    if (expected >= kQ) expected -= kQ;
    return std::abs(product) < kQ && (difference == 0 || difference == -kQ);
  });
}

TEST_CASE("multiply is exact for every 16-bit number and every constant in use, and below q") {
  static constexpr auto kPowers =
      mlkem::factor_table<kN>([](unsigned i) { return mlkem::power(17, i); });
  for (unsigned i = 0; i < kN; ++i) {
    const std::int64_t power = oracle::power(17, i);
    INFO("17^" << i);
    REQUIRE(multiplication_failures(kPowers[i], power) == 0);
    // The backend for AVX2 takes the scale of the inverse NTT into its last factor.
    const std::int64_t scaled = mod_q(power * oracle::inverse(128) * 65536);
    REQUIRE(multiplication_failures(mlkem::montgomery_factor(scaled), scaled) == 0);
  }
  CHECK(multiplication_failures(ref::kR, 65536) == 0);
  CHECK(multiplication_failures(ref::kScale, oracle::inverse(128) * 65536) == 0);
}

unsigned bit_rev_7(unsigned i) { return i == 0 ? 0 : bit_rev_7(i / 2) / 2 + i % 2 * 64; }

TEST_CASE("the portable backend's tables hold the factors of FIPS 203") {
  for (unsigned i = 0; i < kN / 2; ++i) {
    INFO("factor " << i);
    REQUIRE(multiplication_failures(ref::kGammas[i], oracle::gamma(i)) == 0);
    REQUIRE(multiplication_failures(ref::kZetas[i], oracle::power(17, bit_rev_7(i))) == 0);
  }
}

TEST_CASE("a factor that is one off is not exact") {
  for (const int change : {-1, 1}) {
    mlkem::Factor value = ref::kZetas[1], inverse = ref::kZetas[1];
    value.value = static_cast<std::int16_t>(value.value + change);
    inverse.value_q_inverse = static_cast<std::int16_t>(inverse.value_q_inverse + change);
    const std::int64_t zeta = oracle::power(17, bit_rev_7(1));
    CHECK(multiplication_failures(value, zeta) > 0);
    CHECK(multiplication_failures(inverse, zeta) > 0);
  }
}

struct Montgomery {
  std::int64_t wrong = 0;      // not congruent to x / R
  std::int64_t too_large = 0;  // beyond the bound of the contract
};

// For every x from `first` to `last`. Where the quotient does not fit 16 bits, it is right modulo
// 2^16.
template <std::int16_t q_inverse = mlkem::kQInverse>
Montgomery check_montgomery(std::int64_t first, std::int64_t last) {
  const auto step = static_cast<std::int32_t>(r_inverse());
  auto expected = static_cast<std::int32_t>(mod_q(mod_q(first) * r_inverse()));
  Montgomery seen;
  for (std::int64_t x = first; x <= last; ++x) {
    std::int32_t r = mlkem::montgomery_reduce<q_inverse>(static_cast<std::int32_t>(x));
    const auto quotient = static_cast<std::int32_t>(x >> 16);
    if (r - quotient > kHighest) r -= 65536;
    if (quotient - r > kHighest) r += 65536;
    seen.wrong += (r - expected) % kQ != 0;
    seen.too_large += std::abs(r) > (std::abs(x) >> 16) + kQ / 2 + 1;
    expected += step;
    if (expected >= kQ) expected -= kQ;
  }
  return seen;
}

// The sums of products in dot() go this far: 2k = 6 products of |a| < 2q and |b| < q.
constexpr std::int32_t kLargestSum = 6 * (2 * kQ - 1) * (kQ - 1);

TEST_CASE("montgomery_reduce divides every sum of products by R") {
  const Montgomery seen = check_montgomery(-kLargestSum, kLargestSum);
  CHECK(seen.wrong == 0);
  CHECK(seen.too_large == 0);
  static_assert((kLargestSum >> 16) + kQ / 2 + 1 < 4096);
  for (const Montgomery off : {check_montgomery<mlkem::kQInverse + 1>(-100, 100),
                               check_montgomery<mlkem::kQInverse - 1>(-100, 100)}) {
    CHECK(off.wrong > 0);
  }
}

// Some 20 s: `./dev soak` runs it.
TEST_CASE("montgomery_reduce divides every 32-bit number by R", "[.soak]") {
  const Montgomery seen = check_montgomery(std::numeric_limits<std::int32_t>::min(),
                                           std::numeric_limits<std::int32_t>::max());
  CHECK(seen.wrong == 0);
  CHECK(seen.too_large == 0);
}

template <unsigned d, std::uint64_t reciprocal>
int compression_failures() {
  int wrong = 0;
  for (std::int16_t x = 0; x < kQ; ++x) {
    const auto y = static_cast<std::int64_t>(mlkem::compress<d, reciprocal>(x));
    wrong += y != oracle::compress(d, x);
  }
  return wrong;
}

template <unsigned d>
void check_compression() {
  INFO("d = " << d);
  CHECK(compression_failures<d, mlkem::kReciprocal>() == 0);
  for (std::uint64_t y = 0; y < 1u << d; ++y) {
    REQUIRE(mlkem::decompress<d>(y) == oracle::decompress(d, static_cast<std::int64_t>(y)));
  }
}

TEST_CASE("compress and decompress round every number exactly") {
  check_compression<1>();
  check_compression<4>();
  check_compression<10>();
  // One more is as exact, by the assertion behind compress().
  CHECK(compression_failures<10, mlkem::kReciprocal - 1>() > 0);
}

}  // namespace
}  // namespace latchkey::test
