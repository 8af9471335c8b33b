// The field in vectors of four 64-bit lanes, an element a lane, by AVX2's multiplication of 32
// bits. Each limb of 51 bits is two, of 26 and of 25 bits: limb[2 k] + limb[2 k + 1] 2^26.
//
// As in lane_field.hpp, factors are carried and products are not.
#pragma once

#include "x25519/limbs.hpp"
#include "x25519/unrolled.hpp"

namespace latchkey::x25519 {

// V is the vector: Ymm, or Quad.
template <class V>
struct HalfLimbField {
  static constexpr std::size_t kHalves = 2 * kLimbs;
  static constexpr std::uint64_t kProductBound = std::uint64_t{1} << 59;
  static constexpr std::uint64_t kSumBound = std::uint64_t{1} << 61;  // for carry()
  static constexpr std::uint64_t even_bound() noexcept {
    return (std::uint64_t{1} << 26) + (1 << 13);
  }

  struct Product {
    V limb[kHalves];
  };
  struct Factor {
    V limb[kHalves];
  };

  static constexpr unsigned bits(std::size_t k) noexcept { return k % 2 == 0 ? 26 : 25; }
  static constexpr std::uint64_t mask(std::size_t k) noexcept {
    return (std::uint64_t{1} << bits(k)) - 1;
  }

  // The same in each lane.
  [[gnu::always_inline]] static Product number(std::uint64_t n) noexcept {
    Product a;
    for (std::size_t k = 0; k < kHalves; ++k) a.limb[k] = V::all(k == 0 ? n : 0);
    return a;
  }
  // Of limbs below 2^51.
  [[gnu::always_inline]] static Factor from_limbs(const V (&limb)[kLimbs]) noexcept {
    Factor a;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      a.limb[2 * k] = limb[k] & V::all(mask(0));
      a.limb[2 * k + 1] = shift_right<26>(limb[k]);
    }
    return a;
  }
  // Of limbs below 2^53.
  [[gnu::always_inline]] static Product from_sums(const V (&limb)[kLimbs]) noexcept {
    const Factor a = from_limbs(limb);
    Product sums;
    for (std::size_t k = 0; k < kHalves; ++k) sums.limb[k] = a.limb[k];
    return sums;
  }
  // Limbs a little above 2^51.
  [[gnu::always_inline]] static void to_limbs(V (&limb)[kLimbs], const Factor& a) noexcept {
    for (std::size_t k = 0; k < kLimbs; ++k) {
      limb[k] = a.limb[2 * k] + shift_left<26>(a.limb[2 * k + 1]);
    }
  }

  // A multiple of p, of which no limb is below kProductBound.
  static constexpr std::uint64_t bias_limb(std::size_t k) noexcept {
    const std::uint64_t limb = k == 0 ? mask(0) - (kFold - 1) : mask(k);
    return limb << 34;
  }
  static_assert(bias_limb(0) >= kProductBound && bias_limb(1) >= kProductBound / 2);
  [[gnu::always_inline]] static V bias(std::size_t k) noexcept { return V::all(bias_limb(k)); }

  // 19 x
  [[gnu::always_inline]] static V fold(V x) noexcept {
    static_assert(kFold == 16 + 2 + 1);
    return x + opaque(x + x) + shift_left<4>(x);
  }

  // Two parallel carries, of limbs below kSumBound. Chains would take fewer instructions, but each
  // of them waits for the one before.
  [[gnu::always_inline]] static Factor carry(const V (&sum)[kHalves]) noexcept {
    Factor once, twice;
    carry_each(once.limb, sum);
    carry_each(twice.limb, once.limb);
    return twice;
  }
  [[gnu::always_inline]] static void carry_each(V (&r)[kHalves], const V (&a)[kHalves]) noexcept {
    unrolled<kHalves>([&](auto k) __attribute__((always_inline)) {
      constexpr std::size_t below = (k + kHalves - 1) % kHalves;
      const V high = shift_right<bits(below)>(a[below]);
      r[k] = (a[k] & V::all(mask(k))) + (k == 0 ? fold(high) : high);
    });
  }

  [[gnu::always_inline]] static Factor factor(const Product& a) noexcept { return carry(a.limb); }
  [[gnu::always_inline]] static Factor add(const Product& a, const Product& b) noexcept {
    V sum[kHalves];
    for (std::size_t k = 0; k < kHalves; ++k) sum[k] = a.limb[k] + b.limb[k];
    return carry(sum);
  }
  [[gnu::always_inline]] static Factor subtract(const Product& a, const Product& b) noexcept {
    V difference[kHalves];
    for (std::size_t k = 0; k < kHalves; ++k) difference[k] = a.limb[k] + bias(k) - b.limb[k];
    return carry(difference);
  }

  // A factor that is used often: what multiplication derives from it.
  struct Multiplier {
    V limb[kHalves];
    V folded[kHalves];  // 19 limb[k]
  };
  [[gnu::always_inline]] static Multiplier multiplier(const Factor& a) noexcept {
    Multiplier m;
    for (std::size_t k = 0; k < kHalves; ++k) {
      m.limb[k] = a.limb[k];
      m.folded[k] = multiply32(a.limb[k], V::all(kFold));
    }
    return m;
  }

  // Limb i has the weight 2^ceil(25.5 i): the product of two odd limbs counts twice.
  [[gnu::always_inline]] static Product multiply(const Factor& a, const Multiplier& b) noexcept {
    V twice[kHalves];
    for (std::size_t i = 1; i < kHalves; i += 2) twice[i] = a.limb[i] + a.limb[i];
    Product r;
    unrolled<kHalves>([&](auto i) __attribute__((always_inline)) {
      unrolled<kHalves>([&](auto j) __attribute__((always_inline)) {
        constexpr std::size_t k = (i + j) % kHalves;
        const V left = i % 2 == 1 && j % 2 == 1 ? twice[i] : a.limb[i];
        const V term = multiply32(left, i + j == k ? b.limb[j] : b.folded[j]);
        r.limb[k] = i == 0 ? term : r.limb[k] + term;
      });
    });
    return r;
  }
  [[gnu::always_inline]] static Product multiply(const Factor& a, const Factor& b) noexcept {
    return multiply(a, multiplier(b));
  }

  [[gnu::always_inline]] static Product square(const Factor& a) noexcept {
    V twice[kHalves], folded[kHalves];
    for (std::size_t i = 0; i < kHalves; ++i) {
      twice[i] = a.limb[i] + a.limb[i];
      if (i >= kLimbs) folded[i] = multiply32(a.limb[i], V::all(kFold));
    }
    Product r;
    unrolled<kHalves>([&](auto i) __attribute__((always_inline)) {
      unrolled<kHalves>([&](auto j) __attribute__((always_inline)) {
        if constexpr (i <= j) {  // j, i is the same as i, j
          constexpr std::size_t k = (i + j) % kHalves;
          constexpr bool kBothOdd = i % 2 == 1 && j % 2 == 1;
          const V left = i != j || kBothOdd ? twice[i] : a.limb[i];
          const V once = i + j == k ? a.limb[j] : folded[j];
          const V term = multiply32(left, i != j && kBothOdd ? once + once : once);
          r.limb[k] = i == 0 ? term : r.limb[k] + term;
        }
      });
    });
    return r;
  }
};

}  // namespace latchkey::x25519
