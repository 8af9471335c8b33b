// Products in the NTT domain (FIPS 203, Algorithms 11 and 12) and sums, on 256-bit registers.
#pragma once

#include "avx2/ntt.hpp"

namespace latchkey::avx2 {
namespace {

// b as pmaddwd wants it: a pair (a0, a1) times (b0, gamma b1) gives the even coefficient of
// Algorithm 12, and times (b1, b0) the odd one.         |both| < q
struct Multiplier {
  mlkem::NttPoly straight;  // b0, gamma b1
  mlkem::NttPoly crossed;   // b1, b0
};

// gamma_i in the odd lane of pair i.
alignas(32) constexpr auto kGammas = [] {
  std::array<FactorLanes, mlkem::kN / kLanes> table{};
  for (unsigned i = 0; i < table.size(); ++i) {
    table[i] = factor_lanes([=](unsigned lane) {
      return lane % 2 == 0 ? 0 : mlkem::gamma((i * unsigned{kLanes} + lane) / 2);
    });
  }
  return table;
}();

constexpr int kOddLanes = 0xaa;

void make_multiplier(Multiplier& multiplier, const mlkem::NttPoly& b) noexcept {
  const Vector swap =
      both_halves(_mm_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const Vector v = load(&b.c[i]);
    const Vector times_gamma = multiply(v, kGammas[i / kLanes].factors());
    store(&multiplier.straight.c[i], _mm256_blend_epi16(v, times_gamma, kOddLanes));
    store(&multiplier.crossed.c[i], _mm256_shuffle_epi8(v, swap));
  }
}

// Algorithm 11, MultiplyNTTs, summed over k pairs and divided by R. The sums of the 2k products fit
// 32 bits and are reduced once.                         |a| < 4096          |result| < 4096
template <std::size_t k>
void dot(mlkem::NttProduct& result, const mlkem::NttPointers<k>& a,
         const Multiplier (&b)[k]) noexcept {
  static_assert(mlkem::is_dot_in_bounds(k));
  const Vector q_inverse = repeat(mlkem::kQInverse), q = repeat(mlkem::kQ);
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    Vector even = _mm256_madd_epi16(load(&a[0]->c[i]), load(&b[0].straight.c[i]));
    Vector odd = _mm256_madd_epi16(load(&a[0]->c[i]), load(&b[0].crossed.c[i]));
    for (std::size_t j = 1; j < k; ++j) {
      const Vector left = load(&a[j]->c[i]);
      even = _mm256_add_epi32(even, _mm256_madd_epi16(left, load(&b[j].straight.c[i])));
      odd = _mm256_add_epi32(odd, _mm256_madd_epi16(left, load(&b[j].crossed.c[i])));
    }
    // Montgomery reduction of all sixteen, by their lower and upper 16 bits.
    const Vector low = _mm256_blend_epi16(even, _mm256_slli_epi32(odd, 16), kOddLanes);
    const Vector high = _mm256_blend_epi16(_mm256_srli_epi32(even, 16), odd, kOddLanes);
    const Vector m = _mm256_mullo_epi16(low, q_inverse);
    store(&result.c[i], _mm256_sub_epi16(high, _mm256_mulhi_epi16(m, q)));
  }
}

// product * R + e_hat                                   |e_hat| < q         |result| < q
void add_product(mlkem::NttPoly& result, const mlkem::NttProduct& product,
                 const mlkem::NttPoly& e_hat) noexcept {
  const Factors r = repeat(mlkem::montgomery_factor(mlkem::kMontgomeryR));
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const Vector v = multiply(load(&product.c[i]), r);
    store(&result.c[i], reduce(_mm256_add_epi16(v, load(&e_hat.c[i]))));
  }
}

void add(mlkem::Poly& f, const mlkem::Poly& g) noexcept {
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    store(&f.c[i], _mm256_add_epi16(load(&f.c[i]), load(&g.c[i])));
  }
}

// f = g - f
void subtract_from(mlkem::Poly& f, const mlkem::Poly& g) noexcept {
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    store(&f.c[i], _mm256_sub_epi16(load(&g.c[i]), load(&f.c[i])));
  }
}

}  // namespace
}  // namespace latchkey::avx2
