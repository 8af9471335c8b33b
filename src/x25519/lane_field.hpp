// The field in vectors of eight 64-bit lanes, an element a lane, by the 52-bit multiplication of
// AVX-512 IFMA: multiply_low() adds the lowest 52 bits of the products to each lane, and
// multiply_high() the 52 bits above.
//
// Multiplication takes factors and makes products, whose limbs are sums that nobody has carried. So
// sums and differences of products are carried, once, and are factors.
#pragma once

#include "x25519/limbs.hpp"

namespace latchkey::x25519 {

// V is the vector: Zmm, or Octet.
template <class V>
struct LaneField {
  static constexpr std::uint64_t kProductBound = std::uint64_t{1} << 59;
  static constexpr std::uint64_t kFactorBound = (std::uint64_t{1} << 51) + (1 << 15);
  static constexpr std::uint64_t kSumBound = std::uint64_t{1} << 61;  // for carry()
  // Times p, no limb of a difference is negative.
  static constexpr std::uint64_t kBias = 512;
  static_assert(kBias * modulus_limb(0) >= kProductBound);
  static_assert(kBias * modulus_limb(1) + kProductBound <= kSumBound);

  struct Product {
    V limb[kLimbs];
  };
  struct Factor {
    V limb[kLimbs];
  };

  [[gnu::always_inline]] static void check(const Product& a) noexcept {
    check_limbs(a.limb, kProductBound, "LaneField::kProductBound");
  }
  [[gnu::always_inline]] static void check(const Factor& a) noexcept {
    check_limbs(a.limb, kFactorBound, "LaneField::kFactorBound");
  }

  // The same in each lane.
  [[gnu::always_inline]] static Product number(std::uint64_t n) noexcept {
    return {{V::all(n), V::all(0), V::all(0), V::all(0), V::all(0)}};
  }
  [[gnu::always_inline]] static V bias(std::size_t k) noexcept {
    return V::all(kBias * modulus_limb(k));
  }

  // One parallel carry, of limbs below kSumBound.
  [[gnu::always_inline]] static Factor carry(const V (&sum)[kLimbs]) noexcept {
    check_limbs(sum, kSumBound, "LaneField::kSumBound");
    const V mask = V::all(kLimbMask);
    V high[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) high[k] = shift_right<kLimbBits>(sum[k]);
    Factor r;
    r.limb[0] = (sum[0] & mask) + fold(high[kLimbs - 1]);
    for (std::size_t k = 1; k < kLimbs; ++k) r.limb[k] = (sum[k] & mask) + high[k - 1];
    check(r);
    return r;
  }
  [[gnu::always_inline]] static Factor factor(const Product& a) noexcept {
    check(a);
    return carry(a.limb);
  }
  [[gnu::always_inline]] static Factor add(const Product& a, const Product& b) noexcept {
    check(a);
    check(b);
    V sum[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) sum[k] = a.limb[k] + b.limb[k];
    return carry(sum);
  }
  [[gnu::always_inline]] static Factor subtract(const Product& a, const Product& b) noexcept {
    check(a);
    check(b);
    V difference[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) difference[k] = a.limb[k] + bias(k) - b.limb[k];
    return carry(difference);
  }

  // 19 x. Compilers would take a multiplication of all 64 bits, which is slow.
  [[gnu::always_inline]] static V fold(V x) noexcept {
    static_assert(kFold == 16 + 2 + 1);
    return x + opaque(x + x) + shift_left<4>(x);
  }

  // low[k] and high[k] are the lower and the upper halves of the limbs' products. A product of 52 +
  // 52 bits is low + 2^52 high, and 2^52 is twice the weight of the next limb.
  [[gnu::always_inline]] static Product folded(const V (&low)[9], const V (&high)[9]) noexcept {
    Product r;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      const V above = high[k + 4] + high[k + 4];
      const V wrapped = k < 4 ? above + low[k + 5] : above;
      const V own = k == 0 ? low[0] : low[k] + (high[k - 1] + high[k - 1]);
      r.limb[k] = own + fold(wrapped);
    }
    check(r);
    return r;
  }

  [[gnu::always_inline]] static Product multiply(const Factor& a, const Factor& b) noexcept {
    check(a);
    check(b);
    V low[9], high[9];
    for (std::size_t k = 0; k < 9; ++k) low[k] = high[k] = V::all(0);
    for (std::size_t i = kLimbs; i-- > 0;) {  // limbs 0 are ready last
      for (std::size_t j = kLimbs; j-- > 0;) {
        low[i + j] = multiply_low(low[i + j], a.limb[i], b.limb[j]);
        high[i + j] = multiply_high(high[i + j], a.limb[i], b.limb[j]);
      }
    }
    return folded(low, high);
  }

  [[gnu::always_inline]] static Product square(const Factor& a) noexcept {
    check(a);
    V low[9], high[9];
    for (std::size_t k = 0; k < 9; ++k) low[k] = high[k] = V::all(0);
    for (std::size_t i = kLimbs; i-- > 0;) {
      for (std::size_t j = kLimbs; j-- > i + 1;) {
        low[i + j] = multiply_low(low[i + j], a.limb[i], a.limb[j]);
        high[i + j] = multiply_high(high[i + j], a.limb[i], a.limb[j]);
      }
    }
    for (std::size_t k = 1; k < 8; ++k) {
      low[k] = low[k] + low[k];
      high[k] = high[k] + high[k];
    }
    for (std::size_t i = 0; i < kLimbs; ++i) {
      low[2 * i] = multiply_low(low[2 * i], a.limb[i], a.limb[i]);
      high[2 * i] = multiply_high(high[2 * i], a.limb[i], a.limb[i]);
    }
    return folded(low, high);
  }

  // n a, for n below 2^20.
  [[gnu::always_inline]] static Product multiply(const Factor& a, std::uint32_t n) noexcept {
    check(a);
    Product r;
    V high[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) {
      r.limb[k] = multiply_low(V::all(0), a.limb[k], V::all(n));
      high[k] = multiply_high(V::all(0), a.limb[k], V::all(n));
    }
    r.limb[0] = r.limb[0] + fold(high[kLimbs - 1] + high[kLimbs - 1]);
    for (std::size_t k = 1; k < kLimbs; ++k) r.limb[k] = r.limb[k] + high[k - 1] + high[k - 1];
    check(r);
    return r;
  }

  // a + n b, for n below 2^20.
  [[gnu::always_inline]] static Factor add_multiple(const Product& a, const Factor& b,
                                                    std::uint32_t n) noexcept {
    return add(a, multiply(b, n));
  }

  // Each lane of `bit` is 0 or 1.
  [[gnu::always_inline]] static Factor choose(const V& bit, const Factor& if_1,
                                              const Factor& if_0) noexcept {
    const V mask = opaque(V::all(0) - bit);
    Factor chosen;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      chosen.limb[k] = select(mask, if_1.limb[k], if_0.limb[k]);
    }
    return chosen;
  }

  // A factor is a product, too.
  static_assert(kFactorBound <= kProductBound);
  [[gnu::always_inline]] static Product product(const Factor& a) noexcept {
    check(a);
    return {{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
  }
};

}  // namespace latchkey::x25519
