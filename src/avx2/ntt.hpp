// The NTT and its inverse (FIPS 203, Algorithms 9 and 10) on 256-bit registers, in natural order.
//
// Layers of length 128, 64 and 32 combine whole registers: eight of the sixteen at a time. Layer 16
// combines neighbours, and layers 8, 4 and 2 take place inside such a pair of registers, after a
// shuffle that brings each pair of coefficients to the same lane of two registers. The shuffles are
// undone on the way out, which costs less than a product in permuted order: the matrix is sampled
// in natural order and would have to be permuted, nine polynomials of it.
#pragma once

#include "avx2/vector.hpp"
#include "core/poly.hpp"

namespace latchkey::avx2 {
namespace {

// The factor of the butterfly whose upper leg is coefficient c, in the layer of this length.
struct Forward {
  static constexpr std::int64_t zeta(unsigned length, unsigned c) {
    return core::zeta(128 / length + c / (2 * length));
  }
};
struct Inverse {
  static constexpr std::int64_t zeta(unsigned length, unsigned c) {
    return core::zeta(256 / length - 1 - c / (2 * length));
  }
};

struct alignas(32) FactorLanes {
  std::int16_t value[kLanes];
  std::int16_t value_q_inverse[kLanes];

  [[gnu::always_inline]] Factors factors() const noexcept {
    return {load(value), load(value_q_inverse)};
  }
};

// The factors of layers 8, 4 and 2 for one pair of registers.
struct PairFactors {
  FactorLanes length8, length4, length2;
};

template <class Rule>
constexpr FactorLanes factor_lanes(Rule rule) {
  FactorLanes lanes{};
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    const core::Factor factor = core::montgomery_factor(rule(lane));
    lanes.value[lane] = factor.value;
    lanes.value_q_inverse[lane] = factor.value_q_inverse;
  }
  return lanes;
}

// Which coefficient is in a lane of the first register after each shuffle, from 32 * pair on:
// split_halves: 0-7, 16-23; split_quarters: 0-3, 8-11, 16-19, 24-27; split_eighths: 0, 1, 4, 5, ...
template <class Direction>
consteval std::array<PairFactors, 8> pair_factors() {
  std::array<PairFactors, 8> table{};
  for (unsigned pair = 0; pair < 8; ++pair) {
    const unsigned c = 32 * pair;
    table[pair].length8 = factor_lanes(
        [=](unsigned lane) { return Direction::zeta(8, c + lane / 8 * 16 + lane % 8); });
    table[pair].length4 = factor_lanes(
        [=](unsigned lane) { return Direction::zeta(4, c + lane / 4 * 8 + lane % 4); });
    table[pair].length2 = factor_lanes(
        [=](unsigned lane) { return Direction::zeta(2, c + lane / 2 * 4 + lane % 2); });
  }
  return table;
}

template <class Direction>
alignas(32) constexpr auto kPairFactors = pair_factors<Direction>();

// The factors of layers 128 to 16, in the order of use.
template <class Direction>
constexpr auto kRegisterFactors = core::factor_table<16>([](unsigned i) {
  const unsigned length = i < 1 ? 128 : i < 3 ? 64 : i < 7 ? 32 : 16;
  return i < 15 ? Direction::zeta(length, (i + 1 - 128 / length) * 2 * length) : 0;
});

[[gnu::always_inline]] inline void butterfly(Vector& a, Vector& b, Factors zeta) noexcept {
  const Vector t = multiply(b, zeta);
  b = _mm256_sub_epi16(a, t);
  a = _mm256_add_epi16(a, t);
}

[[gnu::always_inline]] inline void inverse_butterfly(Vector& a, Vector& b, Factors zeta) noexcept {
  const Vector t = _mm256_sub_epi16(b, a);
  a = _mm256_add_epi16(a, b);
  b = multiply(t, zeta);
}

// Each of these undoes itself.
[[gnu::always_inline]] inline void split_halves(Vector& a, Vector& b) noexcept {
  const Vector t = _mm256_permute2x128_si256(a, b, 0x20);
  b = _mm256_permute2x128_si256(a, b, 0x31);
  a = t;
}
[[gnu::always_inline]] inline void split_quarters(Vector& a, Vector& b) noexcept {
  const Vector t = _mm256_unpacklo_epi64(a, b);
  b = _mm256_unpackhi_epi64(a, b);
  a = t;
}
// Shifts and blends, where a shuffle would do, because they run beside the shuffles on other ports.
[[gnu::always_inline]] inline void split_eighths(Vector& a, Vector& b) noexcept {
  const Vector t = _mm256_blend_epi32(a, _mm256_slli_epi64(b, 32), 0xaa);
  b = _mm256_blend_epi32(_mm256_srli_epi64(a, 32), b, 0xaa);
  a = t;
}

// Algorithm 9, NTT. Each layer adds less than q to the largest coefficient.
//                                                       |f| <= q            |f_hat| < q
void ntt(core::NttPoly& f_hat, const core::Poly& f) noexcept {
  const auto zeta = [](unsigned i) { return repeat(kRegisterFactors<Forward>[i]); };
  for (std::size_t first = 0; first < 2; ++first) {
    Vector v[8];
    for (std::size_t i = 0; i < 8; ++i) v[i] = load(&f.c[kLanes * (first + 2 * i)]);
    for (unsigned i = 0; i < 4; ++i) butterfly(v[i], v[i + 4], zeta(0));
    for (unsigned i = 0; i < 2; ++i) {
      butterfly(v[i], v[i + 2], zeta(1));
      butterfly(v[i + 4], v[i + 6], zeta(2));
    }
    for (unsigned i = 0; i < 4; ++i) butterfly(v[2 * i], v[2 * i + 1], zeta(3 + i));
    for (std::size_t i = 0; i < 8; ++i) store(&f_hat.c[kLanes * (first + 2 * i)], v[i]);
  }
  for (unsigned pair = 0; pair < 8; ++pair) {
    const PairFactors& factors = kPairFactors<Forward>[pair];
    std::int16_t* const c = &f_hat.c[2 * kLanes * pair];
    Vector a = load(c), b = load(c + kLanes);
    butterfly(a, b, zeta(7 + pair));
    split_halves(a, b);
    butterfly(a, b, factors.length8.factors());
    split_quarters(a, b);
    butterfly(a, b, factors.length4.factors());
    split_eighths(a, b);
    butterfly(a, b, factors.length2.factors());
    a = reduce(a);  // from at most 8q
    b = reduce(b);
    split_eighths(a, b);
    split_quarters(a, b);
    split_halves(a, b);
    store(c, a);
    store(c + kLanes, b);
  }
}

// Algorithm 10, NTT^-1, and times R, which undoes the division in dot().
//                                                       |f_hat| < 4096      |f| < q
void inverse_ntt(core::Poly& f, const core::NttProduct& f_hat) noexcept {
  const auto zeta = [](unsigned i) { return repeat(kRegisterFactors<Inverse>[i]); };
  for (unsigned pair = 0; pair < 8; ++pair) {
    const PairFactors& factors = kPairFactors<Inverse>[pair];
    Vector a = load(&f_hat.c[2 * kLanes * pair]), b = load(&f_hat.c[2 * kLanes * pair + kLanes]);
    split_halves(a, b);
    split_quarters(a, b);
    split_eighths(a, b);
    inverse_butterfly(a, b, factors.length2.factors());
    split_eighths(a, b);
    inverse_butterfly(a, b, factors.length4.factors());
    split_quarters(a, b);
    inverse_butterfly(a, b, factors.length8.factors());
    a = reduce(a);  // sums of eight: below 2^15
    split_halves(a, b);
    inverse_butterfly(a, b, zeta(7 + pair));
    store(&f.c[2 * kLanes * pair], a);
    store(&f.c[2 * kLanes * pair + kLanes], b);
  }
  // Step 14 scales by 128^-1 = 3303; the R comes with it. The last layer's factor takes it in.
  constexpr std::int64_t kScale = 3303 * core::kMontgomeryR % core::kQ;
  const Factors scale = repeat(core::montgomery_factor(kScale));
  const Factors scaled_zeta = repeat(core::montgomery_factor(kScale * Inverse::zeta(128, 0)));
  for (std::size_t first = 0; first < 2; ++first) {
    Vector v[8];
    for (std::size_t i = 0; i < 8; ++i) v[i] = load(&f.c[kLanes * (first + 2 * i)]);
    for (unsigned i = 0; i < 4; ++i) inverse_butterfly(v[2 * i], v[2 * i + 1], zeta(3 + i));
    for (unsigned i = 0; i < 2; ++i) {
      inverse_butterfly(v[i], v[i + 2], zeta(1));
      inverse_butterfly(v[i + 4], v[i + 6], zeta(2));
    }
    v[0] = reduce(v[0]);  // the only ones that are sums in each of three layers: below 8q
    v[4] = reduce(v[4]);
    for (unsigned i = 0; i < 4; ++i) {
      inverse_butterfly(v[i], v[i + 4], scaled_zeta);
      v[i] = multiply(v[i], scale);
    }
    for (std::size_t i = 0; i < 8; ++i) store(&f.c[kLanes * (first + 2 * i)], v[i]);
  }
}

}  // namespace
}  // namespace latchkey::avx2
