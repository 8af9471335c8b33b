// Words of which only bounds are known, in place of those that the field computes with: what comes
// out bounds every intermediate value for every input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "x25519/proofs/findings.hpp"

namespace latchkey::test {

__extension__ using Uint128 = unsigned __int128;
__extension__ using Int128 = __int128;

// A word of 64 bits: a number from low to high.
class Bounded {
 public:
  Bounded(std::uint64_t n = 0) : Bounded(n, n) {}
  Bounded(Uint128 low, Uint128 high) : low_(low), high_(high) {
    if (high <= kMax) return;
    findings.escape("a word of 64 bits");
    low_ = 0, high_ = kMax;
  }
  static Bounded below(std::uint64_t bound) { return {0, bound - 1}; }

  [[nodiscard]] Uint128 low() const { return low_; }
  [[nodiscard]] Uint128 high() const { return high_; }
  [[nodiscard]] bool is_number() const { return low_ == high_; }
  friend std::uint64_t known_number(const Bounded& x) {
    if (!x.is_number()) findings.misuse("a number that is not known");
    return static_cast<std::uint64_t>(x.low_);
  }

  friend Bounded operator+(const Bounded& a, const Bounded& b) {
    return {a.low_ + b.low_, a.high_ + b.high_};
  }
  friend Bounded operator-(const Bounded& a, const Bounded& b) {
    if (a.low_ < b.high_) {
      findings.escape("a difference that may be negative");
      return {0, kMax};
    }
    return {a.low_ - b.high_, a.high_ - b.low_};
  }
  friend Bounded operator*(const Bounded& a, const Bounded& b) {
    return {a.low_ * b.low_, a.high_ * b.high_};
  }
  // With a mask of the lowest bits.
  friend Bounded operator&(const Bounded& a, const Bounded& mask) {
    if (!mask.is_number() || ((mask.low_ + 1) & mask.low_) != 0) findings.misuse("not a mask");
    return a.high_ <= mask.low_ ? a : Bounded(0, mask.low_);
  }
  friend Bounded operator>>(const Bounded& a, unsigned n) { return {a.low_ >> n, a.high_ >> n}; }
  friend Bounded operator<<(const Bounded& a, unsigned n) { return {a.low_ << n, a.high_ << n}; }

  // The 52 bits below and above bit 52 of a product, whose factors are cut to 52 bits.
  friend Bounded product_low(const Bounded& a, const Bounded& b) {
    return product(a, b) & Bounded((std::uint64_t{1} << 52) - 1);
  }
  friend Bounded product_high(const Bounded& a, const Bounded& b) {
    const Uint128 low = a.low_ * b.low_, high = a.high_ * b.high_;
    return {low >> 52, high >> 52};
  }

  friend void check_below(const Bounded& x, std::uint64_t bound, const char* what) {
    if (x.high_ >= bound) findings.exceed(what);
  }

 private:
  static constexpr Uint128 kMax = std::numeric_limits<std::uint64_t>::max();

  // Any word, if it does not fit in one.
  static Bounded product(const Bounded& a, const Bounded& b) {
    if (std::max(a.high_, b.high_) >> 52 != 0) findings.escape("a factor of 52 bits");
    const Uint128 low = a.low_ * b.low_, high = a.high_ * b.high_;
    return high <= kMax ? Bounded(low, high) : Bounded(0, kMax);
  }

  Uint128 low_, high_;
};

// A sum of products, 128 bits.
class BoundedWide {
 public:
  static BoundedWide product(const Bounded& a, const Bounded& b) {
    BoundedWide result;
    result.low_ = a.low() * b.low();
    result.high_ = a.high() * b.high();
    return result;
  }
  BoundedWide& operator+=(const BoundedWide& other) {
    low_ += other.low_;
    if (__builtin_add_overflow(high_, other.high_, &high_)) {
      findings.escape("a word of 128 bits");
      low_ = 0, high_ = ~Uint128{0};
    }
    return *this;
  }
  BoundedWide& operator+=(const Bounded& word) { return *this += product(word, Bounded(1)); }
  // The lowest bits may be cut out of a larger number. Others may not: they are its upper part.
  template <unsigned n>
  [[nodiscard]] Bounded from_bit() const {
    if (n == 0 && high_ >> 64 != 0) return {0, ~std::uint64_t{0}};
    return {low_ >> n, high_ >> n};
  }

 private:
  Uint128 low_ = 0, high_ = 0;
};

// A signed word of 64 bits, and a sum of its products.
class SignedBounded {
 public:
  SignedBounded(std::int64_t n = 0) : SignedBounded(n, n) {}
  SignedBounded(Int128 low, Int128 high) : low_(low), high_(high) {
    if (low < std::numeric_limits<std::int64_t>::min() ||
        high > std::numeric_limits<std::int64_t>::max()) {
      findings.escape("a signed word of 64 bits");
    }
  }
  [[nodiscard]] Int128 low() const { return low_; }
  [[nodiscard]] Int128 high() const { return high_; }

  SignedBounded& operator+=(const SignedBounded& other) {
    return *this = SignedBounded(low_ + other.low_, high_ + other.high_);
  }
  [[nodiscard]] SignedBounded with(const SignedBounded& b) const {
    return {std::min(low_, b.low_), std::max(high_, b.high_)};
  }
  friend void check_cofactor_limb(const SignedBounded& limb, std::int64_t slack) {
    constexpr Int128 kLimb = Int128{1} << 51;
    if (limb.low_ < -slack || limb.high_ >= kLimb + slack) findings.exceed("kCofactorSlack");
  }

 private:
  Int128 low_, high_;
};

class SignedBoundedWide {
 public:
  void add_product(std::int64_t a, const SignedBounded& b) {
    const Int128 one = a * b.low(), other = a * b.high();
    if (__builtin_add_overflow(low_, std::min(one, other), &low_) ||
        __builtin_add_overflow(high_, std::max(one, other), &high_)) {
      findings.escape("a signed word of 128 bits");
    }
  }
  template <unsigned n>
  void shift_right() {
    low_ >>= n, high_ >>= n;
  }
  // All of it, or its lowest bits.
  class Low {
   public:
    Low(Int128 low, Int128 high) : low_(low), high_(high) {}
    operator SignedBounded() const { return {low_, high_}; }
    friend SignedBounded operator&(const Low& low, std::int64_t mask) {
      return low.low_ >= 0 && low.high_ <= mask ? SignedBounded(low.low_, low.high_)
                                                : SignedBounded(0, mask);
    }

   private:
    Int128 low_, high_;
  };
  [[nodiscard]] Low low() const { return {low_, high_}; }

 private:
  Int128 low_ = 0, high_ = 0;
};

}  // namespace latchkey::test
