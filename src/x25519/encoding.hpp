// Encodings of RFC 7748, section 5: u-coordinates and scalars, 32 bytes each, little-endian.
#pragma once

#include "base/bytes.hpp"
#include "x25519/scalar_field.hpp"
#include "x25519/table.hpp"

namespace latchkey::x25519 {

// A number below 2^256 in words of 64 bits, the lowest first. The tests have it of formulas, too.
template <class Word>
struct WordsOf {
  Word word[4];
};
using Words = WordsOf<std::uint64_t>;

[[gnu::always_inline]] inline Words load(In<kSize> bytes) noexcept {
  Words words;
  for (std::size_t i = 0; i < 4; ++i) words.word[i] = base::load_le64(&bytes[8 * i]);
  return words;
}

// A number below 2^255 in limbs of 51 bits.
template <class Word>
struct CanonicalLimbs {
  Word limb[kLimbs];
};

// Five limbs out of four words. Bit 255 is left out.
template <class Word>
[[gnu::always_inline]] constexpr CanonicalLimbs<Word> split(const WordsOf<Word>& words) noexcept {
  const auto& w = words.word;
  const Word mask = Word(kLimbMask);
  return {{w[0] & mask, (w[0] >> 51 | w[1] << 13) & mask, (w[1] >> 38 | w[2] << 26) & mask,
           (w[2] >> 25 | w[3] << 39) & mask, w[3] >> 12 & mask}};
}
// And back.
template <class Word>
[[gnu::always_inline]] constexpr WordsOf<Word> join(const CanonicalLimbs<Word>& limbs) noexcept {
  const auto& l = limbs.limb;
  return {{l[0] | l[1] << 51, l[1] >> 13 | l[2] << 38, l[2] >> 26 | l[3] << 25,
           l[3] >> 39 | l[4] << 12}};
}

// Carries from limb to limb. The carry of the highest one is for 2^255, and is returned.
template <class Word>
[[gnu::always_inline]] constexpr Word carry_along(Word (&limb)[kLimbs]) noexcept {
  for (std::size_t k = 0; k + 1 < kLimbs; ++k) {
    limb[k + 1] = limb[k + 1] + (limb[k] >> kLimbBits);
    limb[k] = limb[k] & Word(kLimbMask);
  }
  const Word high = limb[kLimbs - 1] >> kLimbBits;
  limb[kLimbs - 1] = limb[kLimbs - 1] & Word(kLimbMask);
  return high;
}

// A number below 2^255 that is congruent to `limb`. The first time, `high` is at most 2^12. So the
// number is then below 2^255 + 2^17, and the second time `high` is at most 1; if it is 1, then the
// rest is below 2^17, and 19 more do not carry.
inline constexpr std::uint64_t kCanonicalBound = std::uint64_t{1} << 63;
template <class Word>
[[gnu::always_inline]] constexpr CanonicalLimbs<Word> carry_around(
    const Word (&limb)[kLimbs]) noexcept {
  check_limbs(limb, kCanonicalBound, "kCanonicalBound");
  CanonicalLimbs<Word> a{{limb[0], limb[1], limb[2], limb[3], limb[4]}};
  for (int pass = 0; pass < 2; ++pass) {
    const Word high = carry_along(a.limb);
    a.limb[0] = a.limb[0] + high * Word(kFold);
  }
  return a;
}

// a modulo p, for a below 2^255: a >= p exactly if a + 19 reaches 2^255, and a - p = a + 19 -
// 2^255.
template <class Word>
[[gnu::always_inline]] constexpr CanonicalLimbs<Word> subtract_modulus(
    CanonicalLimbs<Word> a) noexcept {
  Word reaches = Word(kFold);
  for (std::size_t k = 0; k < kLimbs; ++k) reaches = (a.limb[k] + reaches) >> kLimbBits;
  a.limb[0] = a.limb[0] + reaches * Word(kFold);
  carry_along(a.limb);
  return a;
}

// The number from 0 to p - 1 that is congruent to `limb`, whose limbs are below kCanonicalBound.
template <class Word>
[[gnu::always_inline]] constexpr CanonicalLimbs<Word> canonical(
    const Word (&limb)[kLimbs]) noexcept {
  return subtract_modulus(carry_around(limb));
}

[[gnu::always_inline]] constexpr ScalarField::Product from_words(const Words& words) noexcept {
  const auto l = split(words);
  return {{l.limb[0], l.limb[1], l.limb[2], l.limb[3], l.limb[4]}};
}
[[gnu::always_inline]] constexpr Words to_words(const ScalarField::Factor& a) noexcept {
  return join(canonical(a.limb));
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
