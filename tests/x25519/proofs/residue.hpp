// Integers modulo p = 2^255 - 19, to check the library's arithmetic by: words of 32 bits and
// schoolbook multiplication, and nothing of the library.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "support/random.hpp"

namespace latchkey::test {

class Residue {
 public:
  static constexpr std::size_t kWords = 8;

  constexpr Residue(std::uint64_t n = 0)
      : word_{static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32)} {}

  static constexpr Residue of_decimal(std::string_view digits) {
    Residue result;
    for (const char digit : digits) {
      result = result * Residue(10) + Residue(static_cast<std::uint64_t>(digit - '0'));
    }
    return result;
  }
  static Residue of_random(Random& random) {
    Residue result;
    for (auto& word : result.word_) {
      word = random.between<std::uint32_t>(0, 0xffffffff);
    }
    return result + Residue(0);
  }

  // From 0 to p - 1, the lowest word first.
  constexpr const std::array<std::uint32_t, kWords>& words() const { return word_; }

  friend constexpr Residue operator+(const Residue& a, const Residue& b) {
    Product sum{};
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
      carry += std::uint64_t{a.word_[i]} + b.word_[i];
      sum[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    sum[kWords] = static_cast<std::uint32_t>(carry);
    return reduced(sum);
  }
  friend constexpr Residue operator-(const Residue& a, const Residue& b) {
    Residue negative;  // p - b
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
      borrow += std::int64_t{kModulus[i]} - b.word_[i];
      negative.word_[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
    }
    return a + negative;
  }
  friend constexpr Residue operator*(const Residue& a, const Residue& b) {
    Product product{};
    for (std::size_t i = 0; i < kWords; ++i) {
      std::uint64_t carry = 0;
      for (std::size_t j = 0; j < kWords; ++j) {
        carry += std::uint64_t{a.word_[i]} * b.word_[j] + product[i + j];
        product[i + j] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
      }
      product[i + kWords] = static_cast<std::uint32_t>(carry);
    }
    return reduced(product);
  }
  friend constexpr auto operator<=>(const Residue&, const Residue&) = default;

  static constexpr Residue power_of_two(unsigned n) {
    Residue result(1);
    for (unsigned i = 0; i < n; ++i) result = result + result;
    return result;
  }
  // By Fermat: a^(p - 2); 0 for 0.
  friend constexpr Residue inverse(const Residue& a) {
    Residue result(1);
    for (unsigned bit = 255; bit-- > 0;) {
      result = result * result;
      if (bit != 2 && bit != 4) result = result * a;  // p - 2 = 2^255 - 21
    }
    return result;
  }

 private:
  using Product = std::array<std::uint32_t, 2 * kWords>;
  static constexpr std::uint32_t kModulus[kWords] = {0xffffffed, 0xffffffff, 0xffffffff,
                                                     0xffffffff, 0xffffffff, 0xffffffff,
                                                     0xffffffff, 0x7fffffff};

  static constexpr Residue reduced(const Product& product) {
    // 2^256 = 38, twice, and then p is taken away while that is possible.
    Residue result;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
      carry += product[i] + std::uint64_t{38} * product[i + kWords];
      result.word_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    while (carry != 0) {
      carry *= 38;
      for (auto& word : result.word_) {
        carry += word;
        word = static_cast<std::uint32_t>(carry);
        carry >>= 32;
      }
    }
    while (result.subtract_modulus()) {
    }
    return result;
  }
  constexpr bool subtract_modulus() {
    std::array<std::uint32_t, kWords> difference{};
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
      borrow += std::int64_t{word_[i]} - kModulus[i];
      difference[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
    }
    if (borrow != 0) return false;
    word_ = difference;
    return true;
  }

  std::array<std::uint32_t, kWords> word_;
};

// The sum of limb[k] 2^(51 k).
template <class Limb>
Residue value_of(const Limb (&limb)[5]) {
  static const Residue kRadix = Residue::power_of_two(51);
  Residue value;
  for (std::size_t k = 5; k-- > 0;) value = value * kRadix + Residue(limb[k]);
  return value;
}

}  // namespace latchkey::test
