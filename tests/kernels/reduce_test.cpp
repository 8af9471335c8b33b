// The scalar reductions of core/reduce.hpp, over their whole domains.
#include "core/reduce.hpp"

#include <cstdlib>
#include <limits>

#include "kernels/oracle.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using core::kN;
using core::kQ;
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

TEST_CASE("barrett_reduce keeps every 16-bit number's residue, within (q + 1) / 2") {
  CHECK(failures([](std::int16_t x) {
          const int r = core::barrett_reduce(x);
          return std::abs(r) <= (kQ + 1) / 2 && mod_q(r) == mod_q(x);
        }) == 0);
}

TEST_CASE("canonical is every 16-bit number's residue in 0 to q - 1") {
  CHECK(failures([](std::int16_t x) { return core::canonical(x) == mod_q(x); }) == 0);
}

TEST_CASE("multiply is exact for every 16-bit number and every power of 17, and below q") {
  static constexpr auto kPowers =
      core::factor_table<kN>([](unsigned i) { return core::power(17, i); });
  for (std::size_t i = 0; i < kN; ++i) {
    const std::int64_t power = oracle::power(17, static_cast<std::int64_t>(i));
    // multiply() takes 17^i R and divides by R.
    REQUIRE(mod_q(kPowers[i].value) == mod_q(power * 65536));
    std::int64_t expected = mod_q(kLowest * power);
    INFO("17^" << i);
    REQUIRE(failures([&](std::int16_t x) {
              const int product = core::multiply(x, kPowers[i]);
              const auto difference = product - expected;
              expected += power;
              if (expected >= kQ) expected -= kQ;
              return std::abs(product) < kQ && (difference == 0 || difference == -kQ);
            }) == 0);
  }
}

// Beyond its contract's domain it is still exact, and the sums of products in dot() go there:
// 2k = 6 products of |a| < 2q and |b| < q.
TEST_CASE("montgomery_reduce divides every number it is given by R") {
  constexpr std::int32_t kDomain = (1 << 15) * kQ - 1;
  constexpr std::int32_t kLargestSum = 6 * (2 * kQ - 1) * (kQ - 1);
  static_assert(kLargestSum > kDomain);
  const auto step = static_cast<std::int32_t>(r_inverse());
  auto expected = static_cast<std::int32_t>(mod_q(-kLargestSum * r_inverse()));
  std::int64_t wrong = 0, too_large = 0, much_too_large = 0;
  for (std::int32_t x = -kLargestSum; x <= kLargestSum; ++x) {
    const std::int32_t r = core::montgomery_reduce(x);
    wrong += (r - expected) % kQ != 0;
    too_large += std::abs(x) <= kDomain && std::abs(r) >= kQ;
    much_too_large += std::abs(r) >= 4096;
    expected += step;
    if (expected >= kQ) expected -= kQ;
  }
  CHECK(wrong == 0);
  CHECK(too_large == 0);
  CHECK(much_too_large == 0);
}

template <unsigned d>
void check_compression() {
  INFO("d = " << d);
  for (std::int16_t x = 0; x < kQ; ++x) {
    const auto y = static_cast<std::int64_t>(core::compress<d>(x));
    REQUIRE(y == oracle::compress(d, x));
  }
  for (std::uint64_t y = 0; y < 1u << d; ++y) {
    REQUIRE(core::decompress<d>(y) == oracle::decompress(d, static_cast<std::int64_t>(y)));
  }
}

TEST_CASE("compress and decompress round every number exactly") {
  check_compression<1>();
  check_compression<4>();
  check_compression<10>();
}

}  // namespace
}  // namespace latchkey::test
