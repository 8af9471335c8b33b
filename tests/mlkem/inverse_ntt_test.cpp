// Inputs of the inverse NTT whose sums grow as large as they can between its reductions.
#include <algorithm>

#include "mlkem/backends.hpp"
#include "mlkem/compare.hpp"
#include "mlkem/oracle.hpp"
#include "mlkem/reduce.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::kN;
using mlkem::kQ;

constexpr int kHighest = 4095;  // of a coefficient of a product

// The difference, of two sums of four coefficients, that the layer of length 8 turns into its
// largest product.
int largest_at(const mlkem::Factor& zeta, int sign) {
  int best = 0;
  for (int x = -8 * kHighest; x <= 8 * kHighest; ++x) {
    const auto product = [&](int of) {
      return sign * mlkem::multiply(static_cast<std::int16_t>(of), zeta);
    };
    if (product(x) > product(best)) best = x;
  }
  return best;
}

TEST_CASE("inverse_ntt is right where the sums of its last layers are largest") {
  LATCHKEY_EACH_BACKEND(backend);
  for (const int sign : {1, -1}) {
    mlkem::NttProduct f_hat = {};
    for (unsigned block = 0; block < 16; ++block) {
      int left = largest_at(mlkem::montgomery_factor(mlkem::zeta(31 - block)), sign);
      for (unsigned i = 0; i < 8; i += 2) {  // which the layers of length 2 and 4 add up
        const int more = std::clamp(left, -kHighest, kHighest);
        const int less = std::clamp(left - more, -kHighest, kHighest);
        f_hat.c[16 * block + 8 + i] = static_cast<std::int16_t>(more);
        f_hat.c[16 * block + i] = static_cast<std::int16_t>(-less);
        left -= more + less;
      }
    }
    mlkem::Poly f;
    backend.kernels->inverse_ntt(f, f_hat);
    oracle::Poly expected;
    for (std::size_t i = 0; i < kN; ++i) expected.c[i] = oracle::mod_q(f_hat.c[i]);
    expected = std::int64_t{65536} * oracle::inverse_ntt(expected);
    for (std::size_t i = 0; i < kN; ++i) {
      CAPTURE(sign, i);
      REQUIRE(oracle::mod_q(f.c[i]) == expected.c[i]);
    }
  }
}

}  // namespace
}  // namespace latchkey::test
