// 1 / a modulo p, by division steps: D. J. Bernstein and B.-Y. Yang, "Fast constant-time gcd
// computation and modular inversion" (2019), in the form that starts at delta = 1/2.
//
// A division step takes (delta, f, g), f odd, to
//
//     (1 - delta, g, (g - f) / 2)              if delta > 0 and g is odd
//     (1 + delta, f, (g + (g mod 2) f) / 2)    otherwise.
//
// 590 of them, from f = p and g = a, end in f = +-1 and g = 0 for every a below 2^256 but 0. A step
// is linear in f and g, and depends on their lowest bits only. So 20 steps are done on the lowest
// 20 bits, three times, which gives a matrix for 59 steps; the matrix is then applied to the whole
// numbers.
#pragma once

#include "base/mask.hpp"
#include "x25519/encoding.hpp"
#include "x25519/unrolled.hpp"

namespace latchkey::x25519 {

// 2^n times what `n` steps do: f' = (u f + v g) / 2^n, g' = (q f + r g) / 2^n.
struct Steps {
  std::int64_t u, v, q, r;
};

// First `first`, then `second`.
[[gnu::always_inline]] inline Steps compose(const Steps& second, const Steps& first) noexcept {
  return {second.u * first.u + second.v * first.q, second.u * first.v + second.v * first.r,
          second.q * first.u + second.r * first.q, second.q * first.v + second.r * first.r};
}

inline constexpr unsigned kStepsAtOnce = 20;
inline constexpr unsigned kStepsOfMatrix = 59;
inline constexpr unsigned kMatrices = 10;
// No test has an input that takes more than 529.
static_assert(kMatrices * kStepsOfMatrix >= 590);

// A row of the matrix and the lowest bits of its f or g, in one word:
//
//     low - u 2^41 - v 2^62, where u and v are as in Steps, divided by 2^n
//
// `low` has 20 bits and a sign. u and v are multiples of 2^-20 and |u| + |v| <= 1, so the three
// never meet. They stand there with a minus because u = -1 never occurs, but u = 1 does.
inline constexpr std::int64_t kUnitU = -(std::int64_t{1} << 41);
inline constexpr std::int64_t kUnitV = -(std::int64_t{1} << 62);

[[gnu::always_inline]] inline std::int64_t lowest_bits(std::uint64_t x) noexcept {
  return static_cast<std::int64_t>(x << (64 - kStepsAtOnce)) >> (64 - kStepsAtOnce);
}

struct Row {
  std::int64_t u, v;
};
// After 20 steps the unit of u is -2^21, and that of v is -2^42.
[[gnu::always_inline]] inline Row unpack(std::int64_t row) noexcept {
  constexpr std::int64_t kHalfOfLow = std::int64_t{1} << 20, kHalfOfU = std::int64_t{1} << 41;
  const auto bits = static_cast<std::uint64_t>(row + kHalfOfLow);
  return {-(static_cast<std::int64_t>(bits << 22) >> 43), -((row + kHalfOfLow + kHalfOfU) >> 42)};
}

// One step. Where delta is positive and g is odd, f and g change places.
[[gnu::always_inline]] inline void divstep_by_masks(std::int64_t& zeta, std::int64_t& f,
                                                    std::int64_t& g) noexcept {
  const std::int64_t is_positive = base::value_barrier(zeta >> 63);
  const std::int64_t is_odd = base::value_barrier(-(g & 1));
  const std::int64_t swaps = is_positive & is_odd;
  g += ((f ^ is_positive) - is_positive) & is_odd;
  f += g & swaps;
  g >>= 1;
  zeta = (zeta ^ swaps) - 1;
}

#ifdef __x86_64__
// Conditional moves, which no compiler promises: four cycles a step, instead of six by masks.
[[gnu::always_inline]] inline void divstep_by_moves(std::int64_t& zeta, std::int64_t& f,
                                                    std::int64_t& g) noexcept {
  std::int64_t addend, sum, other_zeta, swaps;
  asm("mov %[f], %[addend]\n\t"
      "neg %[addend]\n\t"
      "test %[zeta], %[zeta]\n\t"
      "cmovns %[f], %[addend]\n\t"  // -f if delta is positive, else f
      "xor %k[sum], %k[sum]\n\t"
      "test $1, %b[g]\n\t"
      "cmovnz %[addend], %[sum]\n\t"
      "mov %[zeta], %[other_zeta]\n\t"
      "not %[other_zeta]\n\t"
      "dec %[other_zeta]\n\t"
      "mov %[g], %[swaps]\n\t"
      "shl $63, %[swaps]\n\t"
      "and %[zeta], %[swaps]\n\t"
      "lea -1(%[zeta]), %[zeta]\n\t"
      "cmovs %[other_zeta], %[zeta]\n\t"
      "cmovs %[g], %[f]\n\t"
      "add %[sum], %[g]\n\t"
      "sar %[g]"
      : [zeta] "+&r"(zeta), [f] "+&r"(f), [g] "+&r"(g), [addend] "=&r"(addend), [sum] "=&r"(sum),
        [other_zeta] "=&r"(other_zeta), [swaps] "=&r"(swaps)
      :
      : "cc");
}
#endif

[[gnu::always_inline]] inline void divstep(std::int64_t& zeta, std::int64_t& f,
                                           std::int64_t& g) noexcept {
#ifdef __x86_64__
  divstep_by_moves(zeta, f, g);
#else
  divstep_by_masks(zeta, f, g);
#endif
}

// 2^n times `n` steps, from the lowest bits of f and g. `zeta` is -(delta + 1/2): negative exactly
// if delta is positive.
template <unsigned n>
[[gnu::always_inline]] inline Steps divsteps(std::int64_t& zeta, std::uint64_t f0,
                                             std::uint64_t g0) noexcept {
  static_assert(n <= kStepsAtOnce);
  std::int64_t f = lowest_bits(f0) + kUnitU, g = lowest_bits(g0) + kUnitV;
  unrolled<n>([&](auto) __attribute__((always_inline)) { divstep(zeta, f, g); });
  const Row top = unpack(f), bottom = unpack(g);  // 2^20 times the steps
  return {top.u >> (kStepsAtOnce - n), top.v >> (kStepsAtOnce - n), bottom.u >> (kStepsAtOnce - n),
          bottom.v >> (kStepsAtOnce - n)};
}

// 2^59 times 59 steps.
[[gnu::always_inline]] inline Steps matrix(std::int64_t& zeta, std::uint64_t f,
                                           std::uint64_t g) noexcept {
  Steps all{1, 0, 0, 1};
  // Exact in the bits that are still to be used: each time, 20 fewer.
  const auto apply = [&](const Steps& steps) noexcept {
    const auto times = [](std::int64_t a, std::uint64_t b) noexcept {
      return static_cast<std::uint64_t>(a) * b;
    };
    const std::uint64_t next_f = times(steps.u, f) + times(steps.v, g);
    g = (times(steps.q, f) + times(steps.r, g)) >> kStepsAtOnce;
    f = next_f >> kStepsAtOnce;
    return steps;
  };
  all = apply(divsteps<kStepsAtOnce>(zeta, f, g));
  all = compose(apply(divsteps<kStepsAtOnce>(zeta, f, g)), all);
  return compose(divsteps<kStepsOfMatrix - 2 * kStepsAtOnce>(zeta, f, g), all);
}

// A signed number: the sum of limb[k] 2^(59 k). All limbs but the highest are below 2^59 and not
// negative. f and g never grow, so they are from -2^255 to 2^255. The tests take limbs of which
// only bounds are known.
template <class Word>
struct SignedOf {
  Word limb[5];
};
using Signed = SignedOf<std::int64_t>;
inline constexpr std::int64_t kSignedMask = (std::int64_t{1} << kStepsOfMatrix) - 1;

[[gnu::always_inline]] constexpr Signed to_signed(const Words& words) noexcept {
  const auto& w = words.word;
  const auto limb = [](std::uint64_t bits) noexcept {
    return static_cast<std::int64_t>(bits) & kSignedMask;
  };
  return {{limb(w[0]), limb(w[0] >> 59 | w[1] << 5), limb(w[1] >> 54 | w[2] << 10),
           limb(w[2] >> 49 | w[3] << 15), limb(w[3] >> 44)}};
}

// f and g after the steps. Sum is for sums of products.
template <class Sum = SignedWide, class Word>
[[gnu::always_inline]] inline void apply(const Steps& steps, SignedOf<Word>& f,
                                         SignedOf<Word>& g) noexcept {
  Sum next_f, next_g;
  for (std::size_t k = 0; k < 5; ++k) {
    next_f.add_product(steps.u, f.limb[k]);
    next_f.add_product(steps.v, g.limb[k]);
    next_g.add_product(steps.q, f.limb[k]);
    next_g.add_product(steps.r, g.limb[k]);
    if (k > 0) {  // limb 0 is zero
      f.limb[k - 1] = next_f.low() & kSignedMask;
      g.limb[k - 1] = next_g.low() & kSignedMask;
    }
    next_f.template shift_right<kStepsOfMatrix>();
    next_g.template shift_right<kStepsOfMatrix>();
  }
  f.limb[4] = next_f.low();
  g.limb[4] = next_g.low();
}

// d and e, by which f = d a 2^-n and g = e a 2^-n modulo p after n steps: limbs of 51 bits, which
// are not negative. But limb 1 may be outside of 0 to 2^51 - 1, by up to kCofactorSlack.
inline constexpr std::int64_t kCofactorSlack = std::int64_t{1} << 13;
template <class Word>
struct CofactorOf {
  Word limb[kLimbs];
};
using Cofactor = CofactorOf<std::int64_t>;

[[gnu::always_inline]] constexpr void check_cofactor_limb(std::int64_t limb,
                                                          std::int64_t slack) noexcept {
  check_below(static_cast<std::uint64_t>(limb + slack),
              kLimbMask + 1 + 2 * static_cast<std::uint64_t>(slack), "kCofactorSlack");
}

// s x + t y modulo p, for |s| + |t| of at most 2^59.
template <class Sum = SignedWide, class Word>
[[gnu::always_inline]] inline CofactorOf<Word> combine(std::int64_t s, const CofactorOf<Word>& x,
                                                       std::int64_t t,
                                                       const CofactorOf<Word>& y) noexcept {
  constexpr auto kMask = static_cast<std::int64_t>(kLimbMask);
  CofactorOf<Word> r;
  Sum sum;
  for (std::size_t k = 0; k < kLimbs; ++k) {
    sum.add_product(s, x.limb[k]);
    sum.add_product(t, y.limb[k]);
    r.limb[k] = sum.low() & kMask;
    sum.template shift_right<kLimbBits>();
  }
  Sum lowest;
  lowest.add_product(kFold, sum.low());
  lowest.add_product(1, r.limb[0]);
  r.limb[0] = lowest.low() & kMask;
  lowest.template shift_right<kLimbBits>();
  r.limb[1] += lowest.low();
  if constexpr (kCheckBounds) {
    for (std::size_t k = 0; k < kLimbs; ++k) {
      check_cofactor_limb(r.limb[k], k == 1 ? kCofactorSlack : 0);
    }
  }
  return r;
}

// 2^-590 modulo p.
consteval ScalarField::Factor power_of_half() {
  auto power = ScalarField::number(1);
  // (p + 1) / 2 = 2^254 - 9
  const ScalarField::Factor half{{kLimbMask - 8, kLimbMask, kLimbMask, kLimbMask, kLimbMask >> 1}};
  for (unsigned i = 0; i < kMatrices * kStepsOfMatrix; ++i) {
    power = ScalarField::multiply(ScalarField::factor(power), half);
  }
  return ScalarField::factor(power);
}

// 1 / a, and 0 for 0.
inline ScalarField::Product invert(const ScalarField::Factor& a) noexcept {
  constexpr Words kModulus{{~std::uint64_t{0} - (kFold - 1), ~std::uint64_t{0}, ~std::uint64_t{0},
                            ~std::uint64_t{0} >> 1}};
  static constexpr ScalarField::Factor kPowerOfHalf = power_of_half();
  Signed f = to_signed(kModulus), g = to_signed(to_words(a));
  Cofactor d{}, e{{1}};
  std::int64_t zeta = -1;
  for (unsigned i = 0; i < kMatrices; ++i) {
    const Steps steps =
        matrix(zeta, static_cast<std::uint64_t>(f.limb[0]), static_cast<std::uint64_t>(g.limb[0]));
    apply(steps, f, g);
    const Cofactor next_d = combine(steps.u, d, steps.v, e);
    e = combine(steps.q, d, steps.r, e);
    d = next_d;
  }
  // f = +-1 = d a 2^-590. Where f = -1, -d is meant. 2p - d and 2p + d have no negative limbs.
  const auto is_negative = base::value_barrier(f.limb[4] >> 63);
  ScalarField::Factor signed_d;
  for (std::size_t k = 0; k < kLimbs; ++k) {
    const std::int64_t limb = (d.limb[k] ^ is_negative) - is_negative;
    signed_d.limb[k] = static_cast<std::uint64_t>(limb) + 2 * modulus_limb(k);
  }
  return ScalarField::multiply(signed_d, kPowerOfHalf);
}

}  // namespace latchkey::x25519
