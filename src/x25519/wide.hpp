// The product of two 64-bit words, and what is done with sums of such products.
#pragma once

#include <cstdint>

namespace latchkey::x25519 {

// The carry of sum = a + b, or of sum = a + b + 1, without a comparison, which might become a
// branch.
template <class Word>
[[gnu::always_inline]] constexpr Word carry_of(const Word& a, const Word& b,
                                               const Word& sum) noexcept {
  return ((a & b) | ((a | b) & ~sum)) >> 63;
}

// A number of 128 bits in two words, for CPUs of 32 bits. Word is std::uint64_t; the tests have
// formulas.
template <class Word>
class TwoWordsOf {
 public:
  constexpr TwoWordsOf() noexcept = default;
  constexpr explicit TwoWordsOf(const Word& low, const Word& high = Word(0)) noexcept
      : low_(low), high_(high) {}

  static constexpr TwoWordsOf product(const Word& a, const Word& b) noexcept {
    const Word half = Word(0xffffffff);
    const Word a0 = a & half, a1 = a >> 32, b0 = b & half, b1 = b >> 32;
    const Word middle = a1 * b0 + (a0 * b0 >> 32);
    const Word other_middle = a0 * b1 + (middle & half);
    return TwoWordsOf(a * b, a1 * b1 + (middle >> 32) + (other_middle >> 32));
  }
  constexpr TwoWordsOf& operator+=(const TwoWordsOf& other) noexcept {
    const Word sum = low_ + other.low_;
    high_ = high_ + other.high_ + carry_of(low_, other.low_, sum);
    low_ = sum;
    return *this;
  }
  constexpr TwoWordsOf& operator+=(const Word& word) noexcept { return *this += TwoWordsOf(word); }
  // Bits n to n + 63, for n below 64.
  template <unsigned n>
  constexpr Word from_bit() const noexcept {
    if constexpr (n == 0) {
      return low_;
    } else {
      return low_ >> n | high_ << (64 - n);
    }
  }
  constexpr const Word& high() const noexcept { return high_; }

  // Of signed numbers: + a b, and division by 2^n.
  constexpr void add_signed_product(const Word& a, const Word& b) noexcept {
    *this += product(a, b);
    // A negative a was read as a + 2^64, which adds b 2^64.
    high_ = high_ - (sign_of(a) & b) - (sign_of(b) & a);
  }
  template <unsigned n>
  constexpr void shift_right_signed() noexcept {
    low_ = from_bit<n>();
    high_ = high_ >> n | sign_of(high_) << (64 - n);
  }

 private:
  // All ones if a is negative, else zeros.
  static constexpr Word sign_of(const Word& a) noexcept { return Word(0) - (a >> 63); }

  Word low_ = Word(0), high_ = Word(0);
};
using TwoWords = TwoWordsOf<std::uint64_t>;

// A signed number of 128 bits in two words.
class SignedTwoWords {
 public:
  constexpr void add_product(std::int64_t a, std::int64_t b) noexcept {
    bits_.add_signed_product(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b));
  }
  constexpr std::int64_t low() const noexcept {
    return static_cast<std::int64_t>(bits_.from_bit<0>());
  }
  template <unsigned n>
  constexpr void shift_right() noexcept {
    bits_.shift_right_signed<n>();
  }

 private:
  TwoWords bits_;
};

#ifdef __SIZEOF_INT128__

// An unsigned number of 128 bits.
class Wide {
 public:
  constexpr Wide() noexcept = default;
  constexpr explicit Wide(std::uint64_t word) noexcept : bits_(word) {}

  [[gnu::always_inline]] static constexpr Wide product(std::uint64_t a, std::uint64_t b) noexcept {
    Wide result;
    result.bits_ = Bits{a} * b;
    return result;
  }
  [[gnu::always_inline]] constexpr Wide& operator+=(Wide other) noexcept {
    bits_ += other.bits_;
    return *this;
  }
  [[gnu::always_inline]] constexpr Wide& operator+=(std::uint64_t word) noexcept {
    bits_ += word;
    return *this;
  }
  // Bits n to n + 63, for n below 64.
  template <unsigned n>
  [[gnu::always_inline]] constexpr std::uint64_t from_bit() const noexcept {
    return static_cast<std::uint64_t>(bits_ >> n);
  }

 private:
  __extension__ using Bits = unsigned __int128;

  Bits bits_ = 0;
};

// A signed one.
class SignedWide {
 public:
  [[gnu::always_inline]] constexpr void add_product(std::int64_t a, std::int64_t b) noexcept {
    bits_ += Bits{a} * b;
  }
  [[gnu::always_inline]] constexpr std::int64_t low() const noexcept {
    return static_cast<std::int64_t>(bits_);
  }
  template <unsigned n>
  [[gnu::always_inline]] constexpr void shift_right() noexcept {
    bits_ >>= n;
  }

 private:
  __extension__ using Bits = __int128;

  Bits bits_ = 0;
};

#else

using Wide = TwoWords;
using SignedWide = SignedTwoWords;

#endif

}  // namespace latchkey::x25519
