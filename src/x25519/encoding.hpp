// Encodings of RFC 7748, section 5: u-coordinates and scalars, 32 bytes each, little-endian.
#pragma once

#include "base/bytes.hpp"
#include "x25519/scalar_field.hpp"
#include "x25519/table.hpp"

namespace latchkey::x25519 {

// A number below 2^256 in words of 64 bits, the lowest first.
struct Words {
  std::uint64_t word[4];
};

[[gnu::always_inline]] inline Words load(In<kSize> bytes) noexcept {
  Words words;
  for (std::size_t i = 0; i < 4; ++i) words.word[i] = base::load_le64(&bytes[8 * i]);
  return words;
}

// Five words of 51 bits out of four of 64. Bit 255 is left out.
[[gnu::always_inline]] constexpr ScalarField::Product from_words(const Words& words) noexcept {
  const auto& w = words.word;
  return {{w[0] & kLimbMask, (w[0] >> 51 | w[1] << 13) & kLimbMask,
           (w[1] >> 38 | w[2] << 26) & kLimbMask, (w[2] >> 25 | w[3] << 39) & kLimbMask,
           w[3] >> 12 & kLimbMask}};
}

// The number from 0 to p - 1 that is congruent to `a`.
template <class Word>
struct CanonicalLimbs {
  Word limb[kLimbs];
};
template <class Word>
[[gnu::always_inline]] constexpr CanonicalLimbs<Word> canonical(
    const Word (&limb)[kLimbs]) noexcept {
  CanonicalLimbs<Word> a{{limb[0], limb[1], limb[2], limb[3], limb[4]}};
  const auto carry = [&a]() noexcept {
    for (std::size_t k = 0; k + 1 < kLimbs; ++k) {
      a.limb[k + 1] = a.limb[k + 1] + (a.limb[k] >> kLimbBits);
      a.limb[k] = a.limb[k] & Word(kLimbMask);
    }
    const Word high = a.limb[kLimbs - 1] >> kLimbBits;
    a.limb[kLimbs - 1] = a.limb[kLimbs - 1] & Word(kLimbMask);
    return high;
  };
  // The first time the rest may be up to 2^10 2^255, and the second time 2^255.
  for (int pass = 0; pass < 2; ++pass) {
    const Word high = carry();
    a.limb[0] = a.limb[0] + high * Word(kFold);
  }
  // a >= p exactly if a + 19 reaches 2^255; then a - p = a + 19 - 2^255.
  Word reaches = Word(kFold);
  for (std::size_t k = 0; k < kLimbs; ++k) reaches = (a.limb[k] + reaches) >> kLimbBits;
  a.limb[0] = a.limb[0] + reaches * Word(kFold);
  carry();
  return a;
}

[[gnu::always_inline]] constexpr Words to_words(const ScalarField::Factor& a) noexcept {
  const auto l = canonical(a.limb);
  return {{l.limb[0] | l.limb[1] << 51, l.limb[1] >> 13 | l.limb[2] << 38,
           l.limb[2] >> 26 | l.limb[3] << 25, l.limb[3] >> 39 | l.limb[4] << 12}};
}

// decodeUCoordinate: the highest bit is ignored, and numbers from p to 2^255 - 1 are accepted.
[[gnu::always_inline]] inline ScalarField::Product decode_u(In<kSize> bytes) noexcept {
  return from_words(load(bytes));
}

// encodeUCoordinate.
[[gnu::always_inline]] inline void encode_u(Out<kSize> bytes,
                                            const ScalarField::Factor& u) noexcept {
  const Words words = to_words(u);
  for (std::size_t i = 0; i < 4; ++i) base::store_le64(&bytes[8 * i], words.word[i]);
}

// decodeScalar25519: a multiple of 8 from 2^254 to 2^255 - 8.
[[gnu::always_inline]] inline Words decode_scalar(In<kSize> bytes) noexcept {
  Words k = load(bytes);
  k.word[0] &= ~std::uint64_t{7};
  k.word[3] &= ~(std::uint64_t{1} << 63);
  k.word[3] |= std::uint64_t{1} << 62;
  return k;
}

}  // namespace latchkey::x25519
