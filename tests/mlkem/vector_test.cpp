// The reductions of the SIMD backends, over their whole domains.

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "mlkem/backends.hpp"
#include "mlkem/oracle.hpp"
#include "mlkem/vector_reductions.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::kQ;
using oracle::mod_q;

// Those of the backends that this machine can run.
std::vector<const VectorReductions*> supported() {
  std::vector<const VectorReductions*> all;
  [[maybe_unused]] const auto add = [&](const VectorReductions& reductions) {
    for (const auto& backend : supported_backends()) {
      if (backend.hash->name == std::string_view(reductions.name)) all.push_back(&reductions);
    }
  };
#define LATCHKEY_VECTOR_BACKEND(name) add(name::vector_reductions);
#include "vector_backends.inc"
#undef LATCHKEY_VECTOR_BACKEND
  return all;
}

// Calls f on sixteen numbers that follow each other, and check(x, result) for each of them. The
// number of times that it said no.
template <class F, class Check>
int failures(int low, int high, F f, Check check) {
  int count = 0;
  for (int first = low; first <= high; first += 16) {
    Lanes x;
    for (int lane = 0; lane < 16; ++lane) {
      x[static_cast<std::size_t>(lane)] = static_cast<std::int16_t>(std::min(first + lane, high));
    }
    Lanes result = x;
    f(result);
    for (std::size_t lane = 0; lane < 16; ++lane) count += check(x[lane], result[lane]) ? 0 : 1;
  }
  return count;
}

constexpr int kLowest = std::numeric_limits<std::int16_t>::min();
constexpr int kHighest = std::numeric_limits<std::int16_t>::max();

TEST_CASE("on vectors every 16-bit number is reduced to below q, and to 0 to q - 1") {
  for (const auto* simd : supported()) {
    INFO(simd->name);
    CHECK(failures(kLowest, kHighest, simd->reduce,
                   [](int x, int r) { return std::abs(r) < kQ && mod_q(r) == mod_q(x); }) == 0);
    CHECK(failures(kLowest, kHighest, simd->canonical,
                   [](int x, int r) { return r == mod_q(x); }) == 0);
  }
}

// Those that are not exact, of all 16-bit numbers in all lanes.
int multiplication_failures(const VectorReductions& simd, const LaneFactors& factors) {
  int count = 0;
  for (int x = kLowest; x <= kHighest; ++x) {
    Lanes product;
    product.fill(static_cast<std::int16_t>(x));
    simd.multiply(product, factors);
    for (std::size_t lane = 0; lane < 16; ++lane) {
      const int difference = product[lane] * 65536 - x * factors.value[lane];
      count += std::abs(product[lane]) >= kQ || difference % kQ != 0;
    }
  }
  return count;
}

TEST_CASE("on vectors every 16-bit number times every factor in use is exact, and below q") {
  for (const auto* simd : supported()) {
    INFO(simd->name);
    const std::span all(simd->factors, simd->factor_count);
    REQUIRE(all.size() == 2 * (1 + 2 + 4 + 4 * 8) + 16 + 2);
    for (const auto& factors : all) REQUIRE(multiplication_failures(*simd, factors) == 0);
    for (const int change : {-1, 1}) {
      LaneFactors off = all[0];
      for (auto& lane : off.value_q_inverse) lane = static_cast<std::int16_t>(lane + change);
      CHECK(multiplication_failures(*simd, off) > 0);
    }
  }
}

TEST_CASE("on vectors every number within 2q is compressed by exact rounding") {
  for (const auto* simd : supported()) {
    INFO(simd->name);
    const auto wrong = [](unsigned d, auto f) {
      return failures(-2 * kQ + 1, 2 * kQ - 1, f,
                      [=](int x, int y) { return y == oracle::compress(d, mod_q(x)); });
    };
    CHECK(wrong(10, simd->compress10) == 0);
    CHECK(wrong(4, simd->compress4) == 0);
    CHECK(wrong(1, simd->compress1) == 0);
  }
}

}  // namespace
}  // namespace latchkey::test
