// The NTT and products in its domain (FIPS 203, section 4.3), portable.
#pragma once

#include "core/poly.hpp"
#include "core/reduce.hpp"

namespace latchkey::ref {
namespace {

using core::Factor;
using core::kK;
using core::kN;
using core::NttPoly;
using core::NttProduct;
using core::Poly;

inline constexpr auto kZetas = core::factor_table<kN / 2>(core::zeta);
inline constexpr auto kGammas = core::factor_table<kN / 2>(core::gamma);

// One layer of Algorithm 9. Each adds less than q to the largest coefficient.
template <std::size_t len>
[[gnu::always_inline]] inline void ntt_layer(std::int16_t* f) noexcept {
  std::size_t i = kN / 2 / len;
  for (std::size_t start = 0; start < kN; start += 2 * len, ++i) {
    for (std::size_t j = start; j < start + len; ++j) {
      const std::int16_t t = core::multiply(f[j + len], kZetas[i]);
      f[j + len] = static_cast<std::int16_t>(f[j] - t);
      f[j] = static_cast<std::int16_t>(f[j] + t);
    }
  }
}

// Algorithm 9, NTT.                                    |f| <= q            |f_hat| < q
void ntt(NttPoly& f_hat, const Poly& f) noexcept {
  std::memcpy(f_hat.c, f.c, sizeof f.c);
  ntt_layer<128>(f_hat.c);
  ntt_layer<64>(f_hat.c);
  ntt_layer<32>(f_hat.c);
  ntt_layer<16>(f_hat.c);
  ntt_layer<8>(f_hat.c);
  ntt_layer<4>(f_hat.c);
  ntt_layer<2>(f_hat.c);
  for (auto& c : f_hat.c) c = core::barrett_reduce(c);  // from at most 8q
}

// One layer of Algorithm 10. The sums double; `Reduce` brings them back to (q + 1) / 2.
template <std::size_t len, bool Reduce>
[[gnu::always_inline]] inline void inverse_ntt_layer(std::int16_t* f) noexcept {
  std::size_t i = kN / len - 1;
  for (std::size_t start = 0; start < kN; start += 2 * len, --i) {
    for (std::size_t j = start; j < start + len; ++j) {
      const std::int16_t t = f[j];
      const auto sum = static_cast<std::int16_t>(t + f[j + len]);
      f[j] = Reduce ? core::barrett_reduce(sum) : sum;
      f[j + len] = core::multiply(static_cast<std::int16_t>(f[j + len] - t), kZetas[i]);
    }
  }
}

// Algorithm 10, NTT^-1, and times R, which undoes the division in dot().
//                                                      |f_hat| < 4096      |f| < q
void inverse_ntt(Poly& f, const NttProduct& f_hat) noexcept {
  // Step 14 scales by 128^-1 = 3303. As a Montgomery factor that also carries the R.
  constexpr Factor kScale = core::montgomery_factor(3303 * core::kMontgomeryR);
  static_assert(128 * 3303 % core::kQ == 1);
  std::memcpy(f.c, f_hat.c, sizeof f.c);
  inverse_ntt_layer<2, false>(f.c);
  inverse_ntt_layer<4, false>(f.c);
  inverse_ntt_layer<8, true>(f.c);  // sums of eight: below 2^15
  inverse_ntt_layer<16, false>(f.c);
  inverse_ntt_layer<32, false>(f.c);
  inverse_ntt_layer<64, true>(f.c);  // sums of eight again, of less than q each
  inverse_ntt_layer<128, false>(f.c);
  for (auto& c : f.c) c = core::multiply(c, kScale);
}

// b, and gamma times its odd coefficients.             |both| < q
struct Multiplier {
  NttPoly b;
  std::int16_t b1_gamma[kN / 2];
};

void prepare(Multiplier& multiplier, const NttPoly& b) noexcept {
  multiplier.b = b;
  for (std::size_t i = 0; i < kN / 2; ++i) {
    multiplier.b1_gamma[i] = core::multiply(b.c[2 * i + 1], kGammas[i]);
  }
}

// Algorithms 11 and 12, MultiplyNTTs, summed over k pairs: BaseCaseMultiply for each i. The sum of
// the 2k products fits 32 bits and is reduced once.    |a| < 2q            |result| < 4096
void dot(NttProduct& result, const NttPoly* const (&a)[kK], const Multiplier (&b)[kK]) noexcept {
  static_assert(std::int64_t{2 * kK} * 2 * core::kQ * core::kQ < (std::int64_t{1} << 31) &&
                2 * kK * 2 * core::kQ * core::kQ / 65536 + core::kQ / 2 + 1 < 4096);
  for (std::size_t i = 0; i < kN / 2; ++i) {
    std::int32_t c0 = 0, c1 = 0;
    for (std::size_t j = 0; j < kK; ++j) {
      const std::int32_t a0 = a[j]->c[2 * i], a1 = a[j]->c[2 * i + 1];
      c0 += a0 * b[j].b.c[2 * i] + a1 * b[j].b1_gamma[i];
      c1 += a0 * b[j].b.c[2 * i + 1] + a1 * b[j].b.c[2 * i];
    }
    result.c[2 * i] = core::montgomery_reduce(c0);
    result.c[2 * i + 1] = core::montgomery_reduce(c1);
  }
}

// product * R + e_hat                                  |e_hat| < q         |result| < 2q
void add_product(NttPoly& result, const NttProduct& product, const NttPoly& e_hat) noexcept {
  constexpr Factor kR = core::montgomery_factor(core::kMontgomeryR);
  for (std::size_t i = 0; i < kN; ++i) {
    result.c[i] = static_cast<std::int16_t>(core::multiply(product.c[i], kR) + e_hat.c[i]);
  }
}

void add(Poly& f, const Poly& g) noexcept {
  for (std::size_t i = 0; i < kN; ++i) f.c[i] = static_cast<std::int16_t>(f.c[i] + g.c[i]);
}

// f = g - f
void subtract_from(Poly& f, const Poly& g) noexcept {
  for (std::size_t i = 0; i < kN; ++i) f.c[i] = static_cast<std::int16_t>(g.c[i] - f.c[i]);
}

}  // namespace
}  // namespace latchkey::ref
