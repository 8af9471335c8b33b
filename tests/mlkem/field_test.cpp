// The constants of mlkem/field.hpp, which the compiler computes for the library, computed once more
// while the program runs.
#include "mlkem/field.hpp"

#include "mlkem/backends.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::kQ;

std::int64_t power_of_17(unsigned exponent) {
  std::int64_t result = 1;
  for (; exponent > 0; --exponent) result = 17 * result % kQ;
  return result;
}

unsigned reversed(unsigned i) {
  unsigned result = 0;
  for (const unsigned bit : {0u, 1u, 2u, 3u, 4u, 5u, 6u}) result = 2 * result + (i >> bit) % 2;
  return result;
}

TEST_CASE("zeta and gamma are the powers of 17 that FIPS 203 names, for every index") {
  for (unsigned i = 0; i < 128; ++i) {
    CAPTURE(i);
    CHECK(mlkem::bit_reverse_7(i) == reversed(i));
    CHECK(mlkem::zeta(i) == power_of_17(reversed(i)));
    CHECK(mlkem::gamma(i) == power_of_17(2 * reversed(i) + 1));
  }
}

TEST_CASE("A Montgomery factor is the nearest representative of x R, for every x below q") {
  for (std::int32_t x = 0; x < kQ; ++x) {
    const mlkem::Factor factor = mlkem::montgomery_factor(x);
    CAPTURE(x, factor.value);
    CHECK((std::int64_t{65536} * x - factor.value) % kQ == 0);
    CHECK((2 * factor.value < kQ && 2 * factor.value > -kQ));
    CHECK(static_cast<std::uint16_t>(factor.value_q_inverse * kQ) ==
          static_cast<std::uint16_t>(factor.value));
  }
}

LATCHKEY_TEST_OF_SETS("A batch of no keys is no error") {
  LATCHKEY_EACH_BACKEND(backend);
  kem_of<p>(backend).keygen_many(nullptr, 0);
  SUCCEED();
}

}  // namespace
}  // namespace latchkey::test
