// The field in words of 64 bits, one element at a time.
//
// Multiplication takes factors and makes products. Sums and differences of two products are
// factors. So nothing is carried but in multiplication.
#pragma once

#include <type_traits>

#include "base/mask.hpp"
#include "x25519/limbs.hpp"
#include "x25519/wide.hpp"

namespace latchkey::x25519 {

// 19 x. Compilers would multiply, and multiplications are what everything waits for.
template <class Word>
[[gnu::always_inline]] constexpr Word fold(const Word& x) noexcept {
  static_assert(kFold == 2 * 9 + 1);
  Word nine = (x << 3) + x;
  if constexpr (std::is_integral_v<Word>) {
    if (!std::is_constant_evaluated()) nine = base::value_barrier(nine);
  }
  return nine + nine + x;
}

// Word and its products: std::uint64_t and Wide. The tests take numbers of which only bounds are
// known, and values of polynomials.
template <class Word, class WordProduct>
struct ScalarFieldOf {
  static constexpr std::uint64_t kFactorBound = std::uint64_t{1} << 53;
  static constexpr std::uint64_t kProductBound = (std::uint64_t{1} << 51) + (1 << 12);

  // Limbs below kProductBound.
  struct Product {
    Word limb[kLimbs];
  };
  // Limbs below kFactorBound.
  struct Factor {
    Word limb[kLimbs];
  };

  [[gnu::always_inline]] static constexpr void check(const Product& a) noexcept {
    check_limbs(a.limb, kProductBound, "ScalarField::kProductBound");
  }
  [[gnu::always_inline]] static constexpr void check(const Factor& a) noexcept {
    check_limbs(a.limb, kFactorBound, "ScalarField::kFactorBound");
  }

  // A number below 2^51.
  static constexpr Product number(std::uint64_t n) noexcept {
    return {{Word(n), Word(0), Word(0), Word(0), Word(0)}};
  }

  // Limbs below 2^51.
  [[gnu::always_inline]] static constexpr Factor from_limbs(Word a, Word b, Word c, Word d,
                                                            Word e) noexcept {
    return {{a, b, c, d, e}};
  }

  [[gnu::always_inline]] static constexpr Factor factor(const Product& a) noexcept {
    check(a);
    return {{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
  }
  [[gnu::always_inline]] static constexpr Factor add(const Product& a, const Product& b) noexcept {
    check(a);
    check(b);
    Factor sum;
    for (std::size_t k = 0; k < kLimbs; ++k) sum.limb[k] = a.limb[k] + b.limb[k];
    check(sum);
    return sum;
  }
  // a + 2p - b: no limb becomes negative.
  [[gnu::always_inline]] static constexpr Factor subtract(const Product& a,
                                                          const Product& b) noexcept {
    check(a);
    check(b);
    Factor difference;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      difference.limb[k] = a.limb[k] + Word(2 * modulus_limb(k)) - b.limb[k];
    }
    check(difference);
    return difference;
  }

  [[gnu::always_inline]] static constexpr Product multiply(const Factor& a,
                                                           const Factor& b) noexcept {
    check(a);
    check(b);
    Word folded[kLimbs];
    for (std::size_t k = 1; k < kLimbs; ++k) folded[k] = fold(b.limb[k]);
    WordProduct sum[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) {
      sum[k] = WordProduct::product(a.limb[0], b.limb[k]);
      for (std::size_t i = 1; i < kLimbs; ++i) {
        sum[k] += WordProduct::product(a.limb[i], i <= k ? b.limb[k - i] : folded[kLimbs + k - i]);
      }
    }
    return carried(sum);
  }

  [[gnu::always_inline]] static constexpr Product square(const Factor& a) noexcept {
    check(a);
    const auto& l = a.limb;
    const Word twice[] = {l[0] + l[0], l[1] + l[1], l[2] + l[2], l[3] + l[3]};
    const Word folded3 = fold(l[3]), folded4 = fold(l[4]);
    WordProduct sum[kLimbs] = {
        WordProduct::product(l[0], l[0]), WordProduct::product(twice[0], l[1]),
        WordProduct::product(twice[0], l[2]), WordProduct::product(twice[0], l[3]),
        WordProduct::product(twice[0], l[4])};
    sum[0] += WordProduct::product(twice[1], folded4);
    sum[0] += WordProduct::product(twice[2], folded3);
    sum[1] += WordProduct::product(twice[2], folded4);
    sum[1] += WordProduct::product(l[3], folded3);
    sum[2] += WordProduct::product(l[1], l[1]);
    sum[2] += WordProduct::product(twice[3], folded4);
    sum[3] += WordProduct::product(twice[1], l[2]);
    sum[3] += WordProduct::product(l[4], folded4);
    sum[4] += WordProduct::product(twice[1], l[3]);
    sum[4] += WordProduct::product(l[2], l[2]);
    return carried(sum);
  }

  // n a, for n below 2^20.
  [[gnu::always_inline]] static constexpr Product multiply(const Factor& a,
                                                           std::uint32_t n) noexcept {
    check(a);
    WordProduct sum[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) sum[k] = WordProduct::product(a.limb[k], Word(n));
    return carried(sum);
  }

  // a + n b, for n below 2^20.
  [[gnu::always_inline]] static constexpr Factor add_multiple(const Product& a, const Factor& b,
                                                              std::uint32_t n) noexcept {
    return add(a, multiply(b, n));
  }

  // `bit` is 0 or 1.
  [[gnu::always_inline]] static Factor choose(Word bit, const Factor& if_1,
                                              const Factor& if_0) noexcept {
    const auto mask = base::Mask<Word>::from_bit(bit);
    Factor chosen;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      chosen.limb[k] = mask.select(if_1.limb[k], if_0.limb[k]);
    }
    return chosen;
  }

  // sum[k] 2^(51 k), carried.
  [[gnu::always_inline]] static constexpr Product carried(WordProduct (&sum)[kLimbs]) noexcept {
    Product r;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      r.limb[k] = sum[k].template from_bit<0>() & Word(kLimbMask);
      const Word carry = sum[k].template from_bit<kLimbBits>();
      if (k + 1 < kLimbs) {
        sum[k + 1] += carry;
      } else {
        r.limb[0] = r.limb[0] + carry * Word(kFold);
      }
    }
    r.limb[1] = r.limb[1] + (r.limb[0] >> kLimbBits);
    r.limb[0] = r.limb[0] & Word(kLimbMask);
    check(r);
    return r;
  }
};

using ScalarField = ScalarFieldOf<std::uint64_t, Wide>;

}  // namespace latchkey::x25519
