// The field in constant expressions, and the constants of edwards25519 from their definitions
// (RFC 7748, section 4.1).
#pragma once

#include "x25519/edwards.hpp"

namespace latchkey::x25519 {

// Compilers evaluate this multiplication five times as fast as that of ScalarField.
struct ConstantField {
  using Factor = ScalarField::Factor;
  using Product = Factor;

  static constexpr Factor number(std::uint64_t n) noexcept { return {{n, 0, 0, 0, 0}}; }
  static constexpr const Factor& factor(const Product& a) noexcept { return a; }

  static constexpr Product multiply(const Factor& a, const Factor& b) noexcept {
#ifdef __SIZEOF_INT128__
    __extension__ using Sum = unsigned __int128;
    const auto [a0, a1, a2, a3, a4] = a.limb;
    const Sum b0 = b.limb[0], b1 = b.limb[1], b2 = b.limb[2], b3 = b.limb[3], b4 = b.limb[4];
    const Sum s0 = a0 * b0 + (a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1) * kFold;
    const Sum s1 = a0 * b1 + a1 * b0 + (a2 * b4 + a3 * b3 + a4 * b2) * kFold + (s0 >> kLimbBits);
    const Sum s2 = a0 * b2 + a1 * b1 + a2 * b0 + (a3 * b4 + a4 * b3) * kFold + (s1 >> kLimbBits);
    const Sum s3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + a4 * b4 * kFold + (s2 >> kLimbBits);
    const Sum s4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + (s3 >> kLimbBits);
    const auto limb = [](Sum sum) noexcept { return static_cast<std::uint64_t>(sum) & kLimbMask; };
    const std::uint64_t r0 = limb(s0) + static_cast<std::uint64_t>(s4 >> kLimbBits) * kFold;
    return {{r0 & kLimbMask, limb(s1) + (r0 >> kLimbBits), limb(s2), limb(s3), limb(s4)}};
#else
    return ScalarField::factor(ScalarField::multiply(a, b));
#endif
  }
  // Of products.
  static constexpr Factor add(const Product& a, const Product& b) noexcept {
    return {{a.limb[0] + b.limb[0], a.limb[1] + b.limb[1], a.limb[2] + b.limb[2],
             a.limb[3] + b.limb[3], a.limb[4] + b.limb[4]}};
  }
  static constexpr Factor subtract(const Product& a, const Product& b) noexcept {
    constexpr std::uint64_t kLowest = 2 * modulus_limb(0), kOther = 2 * modulus_limb(1);
    return {{a.limb[0] + kLowest - b.limb[0], a.limb[1] + kOther - b.limb[1],
             a.limb[2] + kOther - b.limb[2], a.limb[3] + kOther - b.limb[3],
             a.limb[4] + kOther - b.limb[4]}};
  }
};

namespace constants {

using Number = ConstantField::Factor;

constexpr Number operator*(const Number& a, const Number& b) noexcept {
  return ConstantField::multiply(a, b);
}
constexpr Number operator+(const Number& a, const Number& b) noexcept {
  return ConstantField::multiply(ConstantField::add(a, b), ConstantField::number(1));
}
constexpr Number operator-(const Number& a, const Number& b) noexcept {
  return ConstantField::multiply(ConstantField::subtract(a, b), ConstantField::number(1));
}
constexpr Number number(std::uint64_t n) noexcept { return ConstantField::number(n); }

constexpr bool is_equal(const Number& a, const Number& b) noexcept {
  const Words x = to_words(a), y = to_words(b);
  return x.word[0] == y.word[0] && x.word[1] == y.word[1] && x.word[2] == y.word[2] &&
         x.word[3] == y.word[3];
}

// a^e. All bits of e are ones, but those of its lowest ten that are not in `lowest`.
constexpr Number power(const Number& a, unsigned bits, unsigned lowest) noexcept {
  Number result = number(1);
  for (unsigned bit = bits; bit-- > 0;) {
    result = result * result;
    if (bit >= 10 || (lowest >> bit & 1) != 0) result = result * a;
  }
  return result;
}

// a^(p - 2)
constexpr Number reciprocal(const Number& a) noexcept { return power(a, 255, 0b1111101011); }

// The even one of the two: a^((p + 3) / 8), or that times a root of -1, which is 2^((p - 1) / 4).
constexpr Number even_square_root(const Number& a) noexcept {
  Number root = power(a, 252, 0b1111111110);
  if (!is_equal(root * root, a)) root = root * power(number(2), 253, 0b1111111011);
  return (to_words(root).word[0] & 1) == 0 ? root : number(0) - root;
}

constexpr Number kHalf = reciprocal(number(2));
constexpr Number kD = number(0) - number(121665) * reciprocal(number(121666));
constexpr Number kTwoD = kD + kD;

// The base point: y = 4 / 5, and x is even.
constexpr Number kBaseY = number(4) * reciprocal(number(5));
constexpr Number kBaseX =
    even_square_root((kBaseY * kBaseY - number(1)) * reciprocal(kD * kBaseY * kBaseY + number(1)));
static_assert(is_equal((number(1) + kBaseY) * reciprocal(number(1) - kBaseY), number(9)),
              "it is u = 9");

}  // namespace constants
}  // namespace latchkey::x25519
