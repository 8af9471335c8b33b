// The product of two 64-bit words, and what is done with sums of such products.
#pragma once

#include <cstdint>

namespace latchkey::x25519 {

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

// The same in two words, for CPUs of 32 bits.
class Wide {
 public:
  constexpr Wide() noexcept = default;
  constexpr explicit Wide(std::uint64_t word) noexcept : low_(word) {}

  static constexpr Wide product(std::uint64_t a, std::uint64_t b) noexcept {
    constexpr std::uint64_t kHalf = 0xffffffff;
    const std::uint64_t a0 = a & kHalf, a1 = a >> 32, b0 = b & kHalf, b1 = b >> 32;
    const std::uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    const std::uint64_t other_middle = a0 * b1 + (middle & kHalf);
    Wide result;
    result.low_ = a * b;
    result.high_ = a1 * b1 + (middle >> 32) + (other_middle >> 32);
    return result;
  }
  constexpr Wide& operator+=(Wide other) noexcept {
    const std::uint64_t sum = low_ + other.low_;
    // The carry, without a comparison, which might become a branch.
    const std::uint64_t carry = ((low_ & other.low_) | ((low_ | other.low_) & ~sum)) >> 63;
    low_ = sum;
    high_ += other.high_ + carry;
    return *this;
  }
  constexpr Wide& operator+=(std::uint64_t word) noexcept { return *this += Wide(word); }
  template <unsigned n>
  constexpr std::uint64_t from_bit() const noexcept {
    if constexpr (n == 0) return low_;
    return low_ >> n | high_ << (64 - n);
  }
  constexpr void add_high(std::uint64_t word) noexcept { high_ += word; }
  template <unsigned n>
  constexpr void shift_right_signed() noexcept {
    low_ = from_bit<n>();
    high_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(high_) >> n);
  }

 private:
  std::uint64_t low_ = 0, high_ = 0;
};

class SignedWide {
 public:
  constexpr void add_product(std::int64_t a, std::int64_t b) noexcept {
    const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
    bits_ += Wide::product(x, y);
    // A negative a was read as a + 2^64, which adds b 2^64.
    bits_.add_high(0 - ((static_cast<std::uint64_t>(a >> 63) & y) +
                        (static_cast<std::uint64_t>(b >> 63) & x)));
  }
  constexpr std::int64_t low() const noexcept {
    return static_cast<std::int64_t>(bits_.from_bit<0>());
  }
  template <unsigned n>
  constexpr void shift_right() noexcept {
    bits_.shift_right_signed<n>();
  }

 private:
  Wide bits_;
};

#endif

}  // namespace latchkey::x25519
