// The two reductions and their constants, on scalars. Vector backends do the same on lanes.
//
// A constant that is a template parameter is so for the tests, which must see that a wrong one
// fails.
#pragma once

#include "mlkem/field.hpp"

namespace latchkey::mlkem {

// x R^-1 modulo q.                     |x| < 2^30      |result| <= |x| / 2^16 + q / 2 + 1
template <std::int16_t q_inverse = kQInverse>
[[gnu::always_inline]] constexpr std::int16_t montgomery_reduce(std::int32_t x) noexcept {
  const auto m = static_cast<std::int16_t>(static_cast<std::uint32_t>(x) *
                                           static_cast<std::uint32_t>(std::int32_t{q_inverse}));
  // (x - m q) / 2^16. The lower halves are equal, so their difference borrows nothing.
  return static_cast<std::int16_t>((x >> 16) - (m * kQ >> 16));
}

// What MultiplyNTTs, summed over k pairs and divided by R, makes of |a| < 4096 and |b| < q: the
// sums of 2k products have to fit 32 bits, and the result has to be what NTT^-1 takes, below 4096.
constexpr bool is_dot_in_bounds(std::size_t k) noexcept {
  const std::int64_t sum = std::int64_t{2} * static_cast<std::int64_t>(k) * 4095 * (kQ - 1);
  return sum < std::int64_t{1} << 30 && sum / 65536 + kQ / 2 + 1 < 4096;
}

// x times a constant. Both products have 16-bit halves, which is what SIMD registers multiply.
//                                                      any x               |result| < q
[[gnu::always_inline]] constexpr std::int16_t multiply(std::int16_t x, Factor factor) noexcept {
  const auto high = static_cast<std::int16_t>((x * factor.value) >> 16);
  const auto low = static_cast<std::int16_t>(x * factor.value_q_inverse);
  return static_cast<std::int16_t>(high - static_cast<std::int16_t>((low * kQ) >> 16));
}

// round(2^26 / q): x * this / 2^26 is so close to x / q that it rounds to the same integer, for
// every 16-bit x.
inline constexpr std::int32_t kBarrettFactor = ((1 << 26) + kQ / 2) / kQ;
static_assert(kBarrettFactor == 20159);

// x modulo q.                                          any x               |result| <= (q - 1) / 2
template <std::int32_t factor = kBarrettFactor>
[[gnu::always_inline]] constexpr std::int16_t barrett_reduce(std::int16_t x) noexcept {
  const auto high = static_cast<std::int16_t>((x * factor) >> 16);
  const auto quotient = static_cast<std::int16_t>((high + (1 << 9)) >> 10);
  return static_cast<std::int16_t>(x - quotient * kQ);
}

// The representative in [0, q) of an x with |x| < 2q (in fact of any x).
[[gnu::always_inline]] constexpr std::int16_t canonical(std::int16_t x) noexcept {
  const std::int16_t r = barrett_reduce(x);
  return static_cast<std::int16_t>(r + ((r >> 15) & kQ));
}

// Compress_d (section 4.2.1): round(2^d / q * x) modulo 2^d for x in [0, q). The division by q is
// a multiplication by ceil(2^40 / q), exact for every numerator that occurs.
inline constexpr std::uint64_t kReciprocalShift = 40;
inline constexpr std::uint64_t kReciprocal = ((std::uint64_t{1} << kReciprocalShift) + kQ - 1) / kQ;

template <unsigned d, std::uint64_t reciprocal = kReciprocal>
[[gnu::always_inline]] constexpr std::uint64_t compress(std::int16_t x) noexcept {
  // q is odd, so a quotient is never halfway and rounding needs no tie rule.
  const std::uint64_t numerator = (static_cast<std::uint64_t>(x) << d) + kQ / 2;
  return ((numerator * reciprocal) >> kReciprocalShift) & ((1u << d) - 1);
}
// With e = kReciprocal * q - 2^40 the result is floor(n / q + n e / (2^40 q)): exact while n e <
// 2^40.
static_assert(((std::uint64_t{kQ} << 11) + kQ) * (kReciprocal * kQ % (std::uint64_t{1} << 40)) <
              std::uint64_t{1} << 40);

// Decompress_d: round(q / 2^d * y).                    0 <= y < 2^d        0 <= result < q
template <unsigned d>
[[gnu::always_inline]] constexpr std::int16_t decompress(std::uint64_t y) noexcept {
  return static_cast<std::int16_t>((static_cast<std::uint32_t>(y) * kQ + (1u << (d - 1))) >> d);
}

}  // namespace latchkey::mlkem
