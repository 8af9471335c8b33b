// Signed numbers of 320 bits, and the division steps of "Fast constant-time gcd computation and
// modular inversion" (Bernstein and Yang, 2019) by their definition.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace latchkey::test {

class Big {
 public:
  static constexpr std::size_t kWords = 10;

  constexpr Big(std::int64_t n = 0) {
    for (auto& word : word_) {
      word = static_cast<std::uint32_t>(n);
      n >>= 32;
    }
  }
  [[nodiscard]] constexpr bool is_odd() const { return (word_[0] & 1) != 0; }
  [[nodiscard]] constexpr std::uint64_t lowest() const {
    return std::uint64_t{word_[1]} << 32 | word_[0];
  }

  friend constexpr Big operator+(const Big& a, const Big& b) {
    Big sum;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
      carry += std::uint64_t{a.word_[i]} + b.word_[i];
      sum.word_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    return sum;
  }
  friend constexpr Big operator-(const Big& a) {
    Big complement;
    for (std::size_t i = 0; i < kWords; ++i) complement.word_[i] = ~a.word_[i];
    return complement + Big(1);
  }
  friend constexpr Big operator-(const Big& a, const Big& b) { return a + -b; }
  friend constexpr bool operator==(const Big&, const Big&) = default;

  [[nodiscard]] constexpr Big half() const {  // of an even number
    Big result;
    for (std::size_t i = 0; i < kWords; ++i) {
      const std::uint32_t sign = (word_[i] & 0x80000000) != 0 ? 0xffffffff : 0;
      const std::uint32_t above = i + 1 < kWords ? word_[i + 1] : sign;
      result.word_[i] = word_[i] >> 1 | above << 31;
    }
    return result;
  }
  [[nodiscard]] constexpr Big times_power_of_two(unsigned n) const {
    Big result = *this;
    for (unsigned i = 0; i < n; ++i) result = result + result;
    return result;
  }

 private:
  std::array<std::uint32_t, kWords> word_{};
};

// Number: Big, or std::int64_t for a few bits. `twice_delta` is 2 delta, an odd number. u, v, q and
// r, modulo 2^64, are what n steps were: f = (u f0 + v g0) / 2^n, g = (q f0 + r g0) / 2^n.
template <class Number>
struct DivisionSteps {
  std::int64_t twice_delta;
  Number f, g;
  std::uint64_t u = 1, v = 0, q = 0, r = 1;

  static Big halved(const Big& x) { return x.half(); }
  static std::int64_t halved(std::int64_t x) { return x / 2; }
  static bool is_odd(const Big& x) { return x.is_odd(); }
  static bool is_odd(std::int64_t x) { return x % 2 != 0; }

  void step() {
    const auto [f0, g0] = std::pair(f, g);
    if (twice_delta > 0 && is_odd(g0)) {
      twice_delta = 2 - twice_delta;
      f = g0;
      g = halved(g0 - f0);
      const auto [u0, v0] = std::pair(u, v);
      u = 2 * q, v = 2 * r;
      q -= u0, r -= v0;
    } else {
      twice_delta = 2 + twice_delta;
      if (is_odd(g0)) {
        g = halved(g0 + f0);
        q += u, r += v;
      } else {
        g = halved(g0);
      }
      u *= 2, v *= 2;
    }
  }
  void steps(unsigned n) {
    for (unsigned i = 0; i < n; ++i) step();
  }
};

}  // namespace latchkey::test
