// The words that CPUs of 32 bits multiply with, against the compiler's 128 bits.

#include "support/catch.hpp"
#include "support/random.hpp"
#include "x25519/scalar_field.hpp"

namespace latchkey::test {
namespace {

using namespace x25519;

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

std::uint64_t any_word(Random& random) {
  const std::uint64_t word = base::load_le64(random.bytes<8>().data());
  switch (random.between(0, 3)) {
    case 0:
      return word;
    case 1:
      return ~std::uint64_t{0} << (word % 64);
    case 2:
      return ~std::uint64_t{0} >> (word % 64);
    default:
      return word & 0xffffffff00000000;
  }
}

template <unsigned n>
bool is_same(const TwoWords& a, Uint128 b) {
  return a.from_bit<n>() == static_cast<std::uint64_t>(b >> n);
}

TEST_CASE("Sums of products in two words are those of 128 bits") {
  Random random;
  int differing = 0;
  for (int round = 0; round < 20'000; ++round) {
    TwoWords sum;
    Uint128 expected = 0;
    for (int i = 0; i < 4; ++i) {
      const std::uint64_t a = any_word(random), b = any_word(random), c = any_word(random);
      sum += TwoWords::product(a, b);
      sum += c;
      expected += Uint128{a} * b + c;
    }
    if (!is_same<0>(sum, expected) || !is_same<1>(sum, expected) || !is_same<51>(sum, expected) ||
        !is_same<63>(sum, expected) || sum.high() != static_cast<std::uint64_t>(expected >> 64)) {
      ++differing;
    }
  }
  CHECK(differing == 0);
}

TEST_CASE("Sums of signed products in two words are those of 128 bits") {
  Random random;
  int differing = 0;
  for (int round = 0; round < 20'000; ++round) {
    SignedTwoWords sum;
    Int128 expected = 0;
    for (int i = 0; i < 4; ++i) {
      const auto a = static_cast<std::int64_t>(any_word(random)) >> 2;
      const auto b = static_cast<std::int64_t>(any_word(random)) >> 2;
      sum.add_product(a, b);
      expected += Int128{a} * b;
      if (sum.low() != static_cast<std::int64_t>(expected)) ++differing;
      if (i == 1) sum.shift_right<51>(), expected >>= 51;
      if (i == 2) sum.shift_right<59>(), expected >>= 59;
      if (sum.low() != static_cast<std::int64_t>(expected)) ++differing;
    }
  }
  CHECK(differing == 0);
}

// The field, as those CPUs have it.
TEST_CASE("The field over two words is the field over 128 bits") {
  using Field = ScalarFieldOf<std::uint64_t, TwoWords>;
  Random random;
  int differing = 0;
  for (int round = 0; round < 2'000; ++round) {
    Field::Factor a, b;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      a.limb[k] = any_word(random) % Field::kFactorBound;
      b.limb[k] = any_word(random) % Field::kFactorBound;
    }
    ScalarField::Factor c, d;
    for (std::size_t k = 0; k < kLimbs; ++k) c.limb[k] = a.limb[k], d.limb[k] = b.limb[k];
    const auto product = Field::multiply(a, b), square = Field::square(a);
    const auto expected_product = ScalarField::multiply(c, d),
               expected_square = ScalarField::square(c);
    for (std::size_t k = 0; k < kLimbs; ++k) {
      differing += product.limb[k] != expected_product.limb[k];
      differing += square.limb[k] != expected_square.limb[k];
    }
  }
  CHECK(differing == 0);
}

}  // namespace
}  // namespace latchkey::test
