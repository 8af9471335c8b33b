// Numbers of which only bounds are known, in place of the coefficients that the portable backend
// computes with: what comes out bounds every intermediate value for every input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "mlkem/reduce.hpp"

namespace latchkey::test {

// What an analysis saw.
struct Extent {
  std::int64_t largest = 0;  // magnitude of a coefficient
  int escapes = 0;           // results that may leave their 16 or 32 bits
};
inline Extent extent;

template <class Word>
constexpr bool fits(std::int64_t low, std::int64_t high) {
  return low >= std::numeric_limits<Word>::min() && high <= std::numeric_limits<Word>::max();
}

// An int, as arithmetic on 16-bit numbers makes it.
class Wide {
 public:
  constexpr Wide() = default;
  Wide(std::int64_t low, std::int64_t high) : low_(low), high_(high) {
    if (!fits<std::int32_t>(low, high)) ++extent.escapes;
  }
  std::int64_t low() const { return low_; }
  std::int64_t high() const { return high_; }

  friend Wide operator+(Wide a, Wide b) { return {a.low_ + b.low_, a.high_ + b.high_}; }
  Wide& operator+=(Wide other) { return *this = *this + other; }

 private:
  std::int64_t low_ = 0, high_ = 0;
};

// An int16_t.
class Interval {
 public:
  constexpr Interval() = default;
  Interval(int low, int high) : low_(low), high_(high) { note(); }
  // A narrowing conversion, which must lose nothing.
  explicit Interval(Wide wide)
      : low_(static_cast<int>(wide.low())), high_(static_cast<int>(wide.high())) {
    note();
  }
  int low() const { return low_; }
  int high() const { return high_; }

  friend Wide operator+(Interval a, Interval b) { return {a.low_ + b.low_, a.high_ + b.high_}; }
  friend Wide operator-(Interval a, Interval b) { return {a.low_ - b.high_, a.high_ - b.low_}; }
  friend Wide operator*(Interval a, Interval b) {
    const auto [low, high] =
        std::minmax({std::int64_t{a.low_} * b.low_, std::int64_t{a.low_} * b.high_,
                     std::int64_t{a.high_} * b.low_, std::int64_t{a.high_} * b.high_});
    return {low, high};
  }

 private:
  void note() const {
    extent.largest = std::max<std::int64_t>({extent.largest, -low_, high_});
    if (!fits<std::int16_t>(low_, high_)) ++extent.escapes;
  }

  int low_ = 0, high_ = 0;
};

// The bounds of f(x), by all the x there are.
template <class F>
Interval image(Interval x, F f) {
  int low = std::numeric_limits<int>::max(), high = std::numeric_limits<int>::min();
  for (int value = x.low(); value <= x.high(); ++value) {
    const int result = f(static_cast<std::int16_t>(value));
    low = std::min(low, result);
    high = std::max(high, result);
  }
  return {low, high};
}

inline Interval multiply(Interval x, mlkem::Factor factor) {
  return image(x, [=](std::int16_t value) { return mlkem::multiply(value, factor); });
}
inline Interval barrett_reduce(Interval x) {
  return image(x, [](std::int16_t value) { return mlkem::barrett_reduce(value); });
}
// x / 2^16 - m q / 2^16, where m may be any 16-bit number.
inline Interval montgomery_reduce(Wide x) {
  constexpr std::int64_t kHalf = 1 << 15;
  return Interval(Wide((x.low() >> 16) - ((kHalf - 1) * mlkem::kQ >> 16),
                       (x.high() >> 16) + kHalf * mlkem::kQ / 65536 + 1));
}

}  // namespace latchkey::test
