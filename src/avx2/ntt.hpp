// The NTT and its inverse (FIPS 203, Algorithms 9 and 10) on 256-bit registers, in natural order.
//
// Layers of length 128, 64 and 32 combine whole registers: eight of the sixteen at a time. Layer 16
// combines neighbours, and layers 8, 4 and 2 take place inside such a pair of registers, after a
// shuffle that brings each pair of coefficients to the same lane of two registers. The shuffles are
// undone on the way out, which costs less than a product in permuted order: the matrix is sampled
// in natural order and would have to be permuted, nine polynomials of it.
#pragma once

#include "avx2/vector.hpp"
#include "mlkem/poly.hpp"

namespace latchkey::avx2 {
namespace {

// The factor of the butterfly whose upper leg is coefficient c, in the layer of this length.
struct Forward {
  static constexpr std::int64_t zeta(unsigned length, unsigned c) {
    return mlkem::zeta(128 / length + c / (2 * length));
  }
};
struct Inverse {
  // Step 14 of Algorithm 10 scales by 128^-1 = 3303, and the factor R comes with it. The last
  // layer's factor takes them in.
  static constexpr std::int64_t kScale = 3303 * mlkem::kMontgomeryR % mlkem::kQ;

  static constexpr std::int64_t zeta(unsigned length, unsigned c) {
    return mlkem::zeta(256 / length - 1 - c / (2 * length)) * (length == 128 ? kScale : 1);
  }
};

struct alignas(32) FactorLanes {
  std::int16_t value[kLanes];
  std::int16_t value_q_inverse[kLanes];

  [[gnu::always_inline]] Factors factors() const noexcept {
    return {load(value), load(value_q_inverse)};
  }
};

template <class Rule>
constexpr FactorLanes factor_lanes(Rule rule) {
  FactorLanes lanes{};
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    const mlkem::Factor factor = mlkem::montgomery_factor(rule(lane));
    lanes.value[lane] = factor.value;
    lanes.value_q_inverse[lane] = factor.value_q_inverse;
  }
  return lanes;
}

// The factors of all layers: one for a whole register down to length 16, then one a lane.
struct FactorTable {
  FactorLanes length128[1], length64[2], length32[4], length16[8], length8[8], length4[8],
      length2[8];
};

// Which coefficient is in a lane of the first register of a pair after each shuffle, counted from
// the pair's first: split_halves: 0-7, 16-23; split_quarters: 0-3, 8-11, 16-19, 24-27;
// split_eighths: 0, 1, 4, 5, 8, 9 and so on.
template <class Direction>
consteval FactorTable factor_table() {
  FactorTable table{};
  const auto fill = [](auto& factors, unsigned length, auto coefficient_of_lane) {
    unsigned first = 0;
    for (FactorLanes& lanes : factors) {
      lanes = factor_lanes([&](unsigned lane) {
        return Direction::zeta(length, first + coefficient_of_lane(lane));
      });
      first += static_cast<unsigned>(mlkem::kN / std::size(factors));
    }
  };
  const auto any = [](unsigned) { return 0u; };
  fill(table.length128, 128, any);
  fill(table.length64, 64, any);
  fill(table.length32, 32, any);
  fill(table.length16, 16, any);
  fill(table.length8, 8, [](unsigned lane) { return lane / 8 * 16 + lane % 8; });
  fill(table.length4, 4, [](unsigned lane) { return lane / 4 * 8 + lane % 4; });
  fill(table.length2, 2, [](unsigned lane) { return lane / 2 * 4 + lane % 2; });
  return table;
}

template <class Direction>
constexpr FactorTable kFactorTable = factor_table<Direction>();

// The table, as memory: gcc 12 would else build each factor from an immediate, in three
// instructions where the multiplication could load it.
template <class Direction>
[[gnu::always_inline]] inline const FactorTable& factors_of() noexcept {
  const FactorTable* table = &kFactorTable<Direction>;
  asm("" : "+r"(table));
  return *table;
}

[[gnu::always_inline]] inline void butterfly(Vector& a, Vector& b,
                                             const FactorLanes& zeta) noexcept {
  Vector t = multiply(b, zeta.factors());
  asm("" : "+x"(t));  // else gcc 12 expands a - (high - low) and subtracts once more
  b = _mm256_sub_epi16(a, t);
  a = _mm256_add_epi16(a, t);
}

[[gnu::always_inline]] inline void inverse_butterfly(Vector& a, Vector& b,
                                                     const FactorLanes& zeta) noexcept {
  const Vector t = _mm256_sub_epi16(b, a);
  a = _mm256_add_epi16(a, b);
  b = multiply(t, zeta.factors());
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

// Pairs of registers go through their layers together: one alone would wait for its
// multiplications.
constexpr unsigned kPairsAtOnce = 4;

template <class F>
[[gnu::always_inline]] inline void for_pairs(F f) noexcept {
  for (unsigned i = 0; i < kPairsAtOnce; ++i) f(i);
}

[[gnu::always_inline]] inline void load_pairs(Vector (&a)[kPairsAtOnce], Vector (&b)[kPairsAtOnce],
                                              const std::int16_t* c) noexcept {
  for_pairs([&](unsigned i) {
    a[i] = load(c + 2 * kLanes * i);
    b[i] = load(c + 2 * kLanes * i + kLanes);
  });
}
[[gnu::always_inline]] inline void store_pairs(std::int16_t* c, const Vector (&a)[kPairsAtOnce],
                                               const Vector (&b)[kPairsAtOnce]) noexcept {
  for_pairs([&](unsigned i) {
    store(c + 2 * kLanes * i, a[i]);
    store(c + 2 * kLanes * i + kLanes, b[i]);
  });
}

// Algorithm 9, NTT. Each layer adds less than q to the largest coefficient.
//                                                       |f| <= q            |f_hat| < q
void ntt(mlkem::NttPoly& f_hat, const mlkem::Poly& f) noexcept {
  const FactorTable& zeta = factors_of<Forward>();
  for (std::size_t first = 0; first < 2; ++first) {
    Vector v[8];
    for (std::size_t i = 0; i < 8; ++i) v[i] = load(&f.c[kLanes * (first + 2 * i)]);
    for (unsigned i = 0; i < 4; ++i) butterfly(v[i], v[i + 4], zeta.length128[0]);
    for (unsigned i = 0; i < 2; ++i) {
      butterfly(v[i], v[i + 2], zeta.length64[0]);
      butterfly(v[i + 4], v[i + 6], zeta.length64[1]);
    }
    for (unsigned i = 0; i < 4; ++i) butterfly(v[2 * i], v[2 * i + 1], zeta.length32[i]);
    for (std::size_t i = 0; i < 8; ++i) store(&f_hat.c[kLanes * (first + 2 * i)], v[i]);
  }
  for (unsigned pair = 0; pair < 8; pair += kPairsAtOnce) {
    std::int16_t* const c = &f_hat.c[2 * kLanes * pair];
    Vector a[kPairsAtOnce], b[kPairsAtOnce];
    load_pairs(a, b, c);
    for_pairs([&](unsigned i) { butterfly(a[i], b[i], zeta.length16[pair + i]); });
    for_pairs([&](unsigned i) { split_halves(a[i], b[i]); });
    for_pairs([&](unsigned i) { butterfly(a[i], b[i], zeta.length8[pair + i]); });
    for_pairs([&](unsigned i) { split_quarters(a[i], b[i]); });
    for_pairs([&](unsigned i) { butterfly(a[i], b[i], zeta.length4[pair + i]); });
    for_pairs([&](unsigned i) { split_eighths(a[i], b[i]); });
    for_pairs([&](unsigned i) { butterfly(a[i], b[i], zeta.length2[pair + i]); });
    for_pairs([&](unsigned i) {
      a[i] = reduce(a[i]);  // from at most 8q
      b[i] = reduce(b[i]);
      split_eighths(a[i], b[i]);
      split_quarters(a[i], b[i]);
      split_halves(a[i], b[i]);
    });
    store_pairs(c, a, b);
  }
}

// Algorithm 10, NTT^-1, and times R, which undoes the division in dot().
//                                                       |f_hat| < 4096      |f| < q
void inverse_ntt(mlkem::Poly& f, const mlkem::NttProduct& f_hat) noexcept {
  const FactorTable& zeta = factors_of<Inverse>();
  for (unsigned pair = 0; pair < 8; pair += kPairsAtOnce) {
    Vector a[kPairsAtOnce], b[kPairsAtOnce];
    load_pairs(a, b, &f_hat.c[2 * kLanes * pair]);
    for_pairs([&](unsigned i) {
      split_halves(a[i], b[i]);
      split_quarters(a[i], b[i]);
      split_eighths(a[i], b[i]);
    });
    for_pairs([&](unsigned i) { inverse_butterfly(a[i], b[i], zeta.length2[pair + i]); });
    for_pairs([&](unsigned i) { split_eighths(a[i], b[i]); });
    for_pairs([&](unsigned i) { inverse_butterfly(a[i], b[i], zeta.length4[pair + i]); });
    for_pairs([&](unsigned i) { split_quarters(a[i], b[i]); });
    for_pairs([&](unsigned i) { inverse_butterfly(a[i], b[i], zeta.length8[pair + i]); });
    for_pairs([&](unsigned i) { a[i] = reduce(a[i]); });  // sums of eight: below 2^15
    for_pairs([&](unsigned i) { split_halves(a[i], b[i]); });
    for_pairs([&](unsigned i) { inverse_butterfly(a[i], b[i], zeta.length16[pair + i]); });
    store_pairs(&f.c[2 * kLanes * pair], a, b);
  }
  const Factors scale = repeat(mlkem::montgomery_factor(Inverse::kScale));
  for (std::size_t first = 0; first < 2; ++first) {
    Vector v[8];
    for (std::size_t i = 0; i < 8; ++i) v[i] = load(&f.c[kLanes * (first + 2 * i)]);
    for (unsigned i = 0; i < 4; ++i) inverse_butterfly(v[2 * i], v[2 * i + 1], zeta.length32[i]);
    for (unsigned i = 0; i < 2; ++i) {
      inverse_butterfly(v[i], v[i + 2], zeta.length64[0]);
      inverse_butterfly(v[i + 4], v[i + 6], zeta.length64[1]);
    }
    // v[0] and v[4] alone are sums in each of three layers: below 8q, and with one of them reduced,
    // below 9q together.
    v[4] = reduce(v[4]);
    for (unsigned i = 0; i < 4; ++i) {
      inverse_butterfly(v[i], v[i + 4], zeta.length128[0]);
      v[i] = multiply(v[i], scale);
    }
    for (std::size_t i = 0; i < 8; ++i) store(&f.c[kLanes * (first + 2 * i)], v[i]);
  }
}

}  // namespace
}  // namespace latchkey::avx2
