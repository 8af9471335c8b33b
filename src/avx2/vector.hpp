// Sixteen coefficients at a time: reductions modulo q on a 256-bit register.
#pragma once

#include <immintrin.h>

#include "avx2/reciprocals.hpp"
#include "mlkem/reduce.hpp"

namespace latchkey::avx2 {
namespace {

using Vector = __m256i;  // of 16 coefficients unless said otherwise

inline constexpr std::size_t kLanes = 16;

[[gnu::always_inline]] inline Vector load(const void* from) noexcept {
  return _mm256_load_si256(static_cast<const Vector*>(from));
}
[[gnu::always_inline]] inline void store(void* to, Vector v) noexcept {
  _mm256_store_si256(static_cast<Vector*>(to), v);
}

// Two unaligned 16-byte halves.
[[gnu::always_inline]] inline Vector load_halves(const std::uint8_t* low,
                                                 const std::uint8_t* high) noexcept {
  return _mm256_loadu2_m128i(reinterpret_cast<const __m128i*>(high),
                             reinterpret_cast<const __m128i*>(low));
}

[[gnu::always_inline]] inline Vector repeat(std::int16_t c) noexcept {
  return _mm256_set1_epi16(c);
}

// The same pattern of bytes in both halves.
[[gnu::always_inline]] inline Vector both_halves(__m128i v) noexcept {
  return _mm256_broadcastsi128_si256(v);
}

// A different factor in each lane.
struct Factors {
  Vector value;
  Vector value_q_inverse;
};

[[gnu::always_inline]] inline Factors repeat(mlkem::Factor factor) noexcept {
  return {repeat(factor.value), repeat(factor.value_q_inverse)};
}

// x times the factors, as mlkem::multiply.               any x               |result| < q
[[gnu::always_inline]] inline Vector multiply(Vector x, Factors factors) noexcept {
  const Vector high = _mm256_mulhi_epi16(x, factors.value);
  const Vector low = _mm256_mullo_epi16(x, factors.value_q_inverse);
  return _mm256_sub_epi16(high, _mm256_mulhi_epi16(low, repeat(mlkem::kQ)));
}

// x modulo q. round(x * 10 / 2^15) is less than 0.66 away from x / q.
//                                                       any x               |result| < q
[[gnu::always_inline]] inline Vector reduce(Vector x) noexcept {
  const Vector quotient = _mm256_mulhrs_epi16(x, repeat(kReciprocal));
  return _mm256_sub_epi16(x, _mm256_mullo_epi16(quotient, repeat(mlkem::kQ)));
}

// The representative in [0, q).                         any x
[[gnu::always_inline]] inline Vector canonical(Vector x) noexcept {
  const Vector r = reduce(x);
  return _mm256_add_epi16(r, _mm256_and_si256(_mm256_srai_epi16(r, 15), repeat(mlkem::kQ)));
}

}  // namespace
}  // namespace latchkey::avx2
