// Arithmetic modulo q = 3329 on signed 16-bit representatives, and the constants it rests on.
//
// Everything is derived here from q and from 17, the primitive 256th root of unity of FIPS 203.
#pragma once

#include <array>
#include <cstdint>

#include "mlkem/params.hpp"

namespace latchkey::mlkem {

// The representative of x modulo q that is nearest to zero: |result| <= (q - 1) / 2.
constexpr std::int16_t centered(std::int64_t x) {
  const std::int64_t r = ((x % kQ) + kQ) % kQ;
  return static_cast<std::int16_t>(r > kQ / 2 ? r - kQ : r);
}

constexpr std::int64_t power(std::int64_t base, unsigned exponent) {
  std::int64_t result = 1;
  for (unsigned i = 0; i < exponent; ++i) result = result * base % kQ;
  return result;
}

// q^-1 modulo 2^16, as a signed number, by Newton's iteration.
consteval std::int16_t inverse_of_q() {
  std::uint32_t x = 1;
  for (int i = 0; i < 5; ++i) x *= 2 - static_cast<std::uint32_t>(kQ) * x;
  return static_cast<std::int16_t>(x & 0xffff);
}

inline constexpr std::int16_t kQInverse = inverse_of_q();
static_assert(static_cast<std::uint16_t>(kQInverse * kQ) == 1);

// Montgomery's R = 2^16, and x * R modulo q.
inline constexpr std::int64_t kMontgomeryR = 65536 % kQ;
static_assert(kMontgomeryR == 2285);
constexpr std::int16_t to_montgomery(std::int64_t x) { return centered(x * kMontgomeryR); }

// A constant factor for Montgomery multiplication: its Montgomery form, and that times q^-1 modulo
// 2^16, which turns the reduction's two dependent products into independent ones.
struct Factor {
  std::int16_t value;
  std::int16_t value_q_inverse;
};

constexpr Factor montgomery_factor(std::int64_t x) {
  const std::int16_t value = to_montgomery(x);
  return {value, static_cast<std::int16_t>(static_cast<std::uint16_t>(value * kQInverse))};
}

// BitRev7 of FIPS 203, section 2.3.
constexpr unsigned bit_reverse_7(unsigned i) {
  unsigned reversed = 0;
  for (int bit = 0; bit < 7; ++bit) reversed |= ((i >> bit) & 1) << (6 - bit);
  return reversed;
}

// zeta^BitRev7(i), the factors of Algorithms 9 and 10.
constexpr std::int64_t zeta(unsigned i) { return power(17, bit_reverse_7(i)); }
static_assert(power(17, 128) == kQ - 1, "17 must be a primitive 256th root of unity");

// gamma_i = zeta^(2 BitRev7(i) + 1), the moduli X^2 - gamma_i of Algorithm 11.
constexpr std::int64_t gamma(unsigned i) { return power(17, 2 * bit_reverse_7(i) + 1); }

template <std::size_t Count, class Rule>
consteval std::array<Factor, Count> factor_table(Rule rule) {
  std::array<Factor, Count> table{};
  for (unsigned i = 0; i < Count; ++i) table[i] = montgomery_factor(rule(i));
  return table;
}

}  // namespace latchkey::mlkem
