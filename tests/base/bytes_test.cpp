// The division without a division of base/bytes.hpp, by the library's divisors and the largest.
#include "base/bytes.hpp"

#include "support/catch.hpp"

namespace latchkey::test {
namespace {

template <std::uint64_t Divisor>
void check_quotient() {
  INFO("by " << Divisor);
  std::size_t wrong = 0;
  for (std::size_t n = 0; n < 1 << 16; ++n) wrong += base::quotient<Divisor>(n) != n / Divisor;
  CHECK(wrong == 0);
}

TEST_CASE("quotient is exact for every number of 16 bits") {
  check_quotient<1>();
  check_quotient<3>();
  check_quotient<72>();
  check_quotient<136>();
  check_quotient<168>();
  check_quotient<65521>();
  check_quotient<65535>();
}

}  // namespace
}  // namespace latchkey::test
