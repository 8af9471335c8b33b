// The NTT and products in its domain (FIPS 203, section 4.3), portable.
//
// What could leave 16 bits is a template over the type of a coefficient: int16_t, or in the tests
// an interval, which shows that none ever does (tests/mlkem/interval_test.cpp).
#pragma once

#include <cstring>

#include "mlkem/poly.hpp"
#include "mlkem/reduce.hpp"

namespace latchkey::ref {
namespace {

using mlkem::barrett_reduce;
using mlkem::Factor;
using mlkem::kN;
using mlkem::montgomery_reduce;
using mlkem::multiply;

inline constexpr auto kZetas = mlkem::factor_table<kN / 2>(mlkem::zeta);
inline constexpr auto kGammas = mlkem::factor_table<kN / 2>(mlkem::gamma);

// One layer of Algorithm 9. Each adds less than q to the largest coefficient.
template <std::size_t len, class Coefficient>
[[gnu::always_inline]] inline void ntt_layer(Coefficient* f) noexcept {
  std::size_t i = kN / 2 / len;
  for (std::size_t start = 0; start < kN; start += 2 * len, ++i) {
    for (std::size_t j = start; j < start + len; ++j) {
      const Coefficient t = multiply(f[j + len], kZetas[i]);
      f[j + len] = static_cast<Coefficient>(f[j] - t);
      f[j] = static_cast<Coefficient>(f[j] + t);
    }
  }
}

// Algorithm 9, NTT.                                    |f| <= q            |f_hat| < q
template <class Coefficient>
[[gnu::always_inline]] inline void ntt(Coefficient (&f_hat)[kN],
                                       const Coefficient (&f)[kN]) noexcept {
  std::memcpy(f_hat, f, sizeof f);
  ntt_layer<128>(f_hat);
  ntt_layer<64>(f_hat);
  ntt_layer<32>(f_hat);
  ntt_layer<16>(f_hat);
  ntt_layer<8>(f_hat);
  ntt_layer<4>(f_hat);
  ntt_layer<2>(f_hat);
  for (auto& c : f_hat) c = barrett_reduce(c);  // from at most 8q
}

// One layer of Algorithm 10. The sums double; `Reduce` brings them back to (q - 1) / 2.
template <std::size_t len, bool Reduce, class Coefficient>
[[gnu::always_inline]] inline void inverse_ntt_layer(Coefficient* f) noexcept {
  std::size_t i = kN / len - 1;
  for (std::size_t start = 0; start < kN; start += 2 * len, --i) {
    for (std::size_t j = start; j < start + len; ++j) {
      const Coefficient t = f[j];
      const auto sum = static_cast<Coefficient>(t + f[j + len]);
      f[j] = Reduce ? barrett_reduce(sum) : sum;
      f[j + len] = multiply(static_cast<Coefficient>(f[j + len] - t), kZetas[i]);
    }
  }
}

// Step 14 of Algorithm 10 scales by 128^-1 = 3303. As a Montgomery factor that also carries the R.
inline constexpr Factor kScale = mlkem::montgomery_factor(3303 * mlkem::kMontgomeryR);
static_assert(128 * 3303 % mlkem::kQ == 1);

// Algorithm 10, NTT^-1, and times R, which undoes the division in dot().
//                                                      |f_hat| < 4096      |f| < q
template <class Coefficient>
[[gnu::always_inline]] inline void inverse_ntt(Coefficient (&f)[kN],
                                               const Coefficient (&f_hat)[kN]) noexcept {
  std::memcpy(f, f_hat, sizeof f);
  inverse_ntt_layer<2, false>(f);
  inverse_ntt_layer<4, false>(f);
  inverse_ntt_layer<8, true>(f);  // sums of eight: below 2^15
  inverse_ntt_layer<16, false>(f);
  inverse_ntt_layer<32, false>(f);
  inverse_ntt_layer<64, true>(f);  // sums of eight again, of less than q each
  inverse_ntt_layer<128, false>(f);
  for (auto& c : f) c = multiply(c, kScale);
}

// b, and gamma times its odd coefficients.             |both| < q
template <class Coefficient>
struct MultiplierOf {
  alignas(64) Coefficient b[kN];
  Coefficient b1_gamma[kN / 2];
};
using Multiplier = MultiplierOf<std::int16_t>;

template <class Coefficient>
[[gnu::always_inline]] inline void make_multiplier(MultiplierOf<Coefficient>& multiplier,
                                                   const Coefficient (&b)[kN]) noexcept {
  std::memcpy(multiplier.b, b, sizeof b);
  for (std::size_t i = 0; i < kN / 2; ++i) {
    multiplier.b1_gamma[i] = multiply(b[2 * i + 1], kGammas[i]);
  }
}

// Algorithms 11 and 12, MultiplyNTTs, summed over k pairs: BaseCaseMultiply for each i. The sum of
// the 2k products fits 32 bits and is reduced once.    |a| < 4096          |result| < 4096
template <std::size_t k, class Coefficient>
[[gnu::always_inline]] inline void dot(Coefficient (&result)[kN], const Coefficient* const (&a)[k],
                                       const MultiplierOf<Coefficient> (&b)[k]) noexcept {
  static_assert(mlkem::is_dot_in_bounds(k));
  using Sum = decltype(*a[0] * *a[0]);  // of 32 bits
  for (std::size_t i = 0; i < kN / 2; ++i) {
    Sum c0{}, c1{};
    for (std::size_t j = 0; j < k; ++j) {
      const Coefficient a0 = a[j][2 * i], a1 = a[j][2 * i + 1];
      c0 += a0 * b[j].b[2 * i] + a1 * b[j].b1_gamma[i];
      c1 += a0 * b[j].b[2 * i + 1] + a1 * b[j].b[2 * i];
    }
    result[2 * i] = montgomery_reduce(c0);
    result[2 * i + 1] = montgomery_reduce(c1);
  }
}

inline constexpr Factor kR = mlkem::montgomery_factor(mlkem::kMontgomeryR);

// product * R + e_hat                                  |e_hat| < q         |result| < q
template <class Coefficient>
[[gnu::always_inline]] inline void add_product(Coefficient (&result)[kN],
                                               const Coefficient (&product)[kN],
                                               const Coefficient (&e_hat)[kN]) noexcept {
  for (std::size_t i = 0; i < kN; ++i) {
    result[i] = barrett_reduce(static_cast<Coefficient>(multiply(product[i], kR) + e_hat[i]));
  }
}

template <class Coefficient>
[[gnu::always_inline]] inline void add(Coefficient (&f)[kN], const Coefficient (&g)[kN]) noexcept {
  for (std::size_t i = 0; i < kN; ++i) f[i] = static_cast<Coefficient>(f[i] + g[i]);
}

// f = g - f
template <class Coefficient>
[[gnu::always_inline]] inline void subtract_from(Coefficient (&f)[kN],
                                                 const Coefficient (&g)[kN]) noexcept {
  for (std::size_t i = 0; i < kN; ++i) f[i] = static_cast<Coefficient>(g[i] - f[i]);
}

}  // namespace
}  // namespace latchkey::ref
