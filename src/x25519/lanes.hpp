// Vectors of 64-bit lanes in portable C++, with the functions that Ymm and Zmm have for vectors of
// four and of eight lanes. The portable form reads the table of the comb with it. And where Zmm
// cannot run, under valgrind for example, the code that is written for Zmm runs with it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "x25519/wide.hpp"

namespace latchkey::x25519 {

// All ones if a = b, else zeros. The difference is below 2^63.
template <class Word>
[[gnu::always_inline]] constexpr Word equality_mask(const Word& a, const Word& b) noexcept {
  return Word(0) - (((a ^ b) - Word(1)) >> 63);
}
// Bit by bit.
template <class Word>
[[gnu::always_inline]] constexpr Word select_bits(const Word& mask, const Word& if_set,
                                                  const Word& if_clear) noexcept {
  return if_clear ^ (mask & (if_set ^ if_clear));
}

template <std::size_t N>
class Lanes {
 public:
  static constexpr std::size_t kLanes = N;

  // Each lane the same.
  [[gnu::always_inline]] static Lanes all(std::uint64_t x) noexcept {
    return make([x](std::size_t) noexcept { return x; });
  }
  // In each half of eight lanes the same.
  [[gnu::always_inline]] static Lanes of(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                         std::uint64_t d) noexcept {
    const std::uint64_t lanes[] = {a, b, c, d};
    return make([&](std::size_t i) noexcept { return lanes[i % 4]; });
  }
  [[gnu::always_inline]] static Lanes load(const std::uint64_t* lanes) noexcept {
    return make([&](std::size_t i) noexcept { return lanes[i]; });
  }
  [[gnu::always_inline]] void store(std::uint64_t* lanes) const noexcept {
    for (std::size_t i = 0; i < N; ++i) lanes[i] = lane[i];
  }

  [[gnu::always_inline]] friend Lanes operator+(const Lanes& a, const Lanes& b) noexcept {
    return make([&](std::size_t i) noexcept { return a.lane[i] + b.lane[i]; });
  }
  [[gnu::always_inline]] friend Lanes operator-(const Lanes& a, const Lanes& b) noexcept {
    return make([&](std::size_t i) noexcept { return a.lane[i] - b.lane[i]; });
  }
  [[gnu::always_inline]] friend Lanes operator&(const Lanes& a, const Lanes& b) noexcept {
    return make([&](std::size_t i) noexcept { return a.lane[i] & b.lane[i]; });
  }
  [[gnu::always_inline]] friend Lanes operator^(const Lanes& a, const Lanes& b) noexcept {
    return make([&](std::size_t i) noexcept { return a.lane[i] ^ b.lane[i]; });
  }
  // By a number that is public.
  [[gnu::always_inline]] friend Lanes operator>>(const Lanes& a, unsigned n) noexcept {
    return make([&](std::size_t i) noexcept { return a.lane[i] >> n; });
  }
  [[gnu::always_inline]] friend Lanes operator>>(const Lanes& a, const Lanes& n) noexcept {
    return make([&](std::size_t i) noexcept { return a.lane[i] >> n.lane[i]; });
  }
  template <unsigned n>
  [[gnu::always_inline]] friend Lanes shift_right(const Lanes& a) noexcept {
    return make([&](std::size_t i) noexcept { return a.lane[i] >> n; });
  }
  template <unsigned n>
  [[gnu::always_inline]] friend Lanes shift_left(const Lanes& a) noexcept {
    return make([&](std::size_t i) noexcept { return a.lane[i] << n; });
  }

  // The lowest 32 bits of a times those of b.
  [[gnu::always_inline]] friend Lanes multiply32(const Lanes& a, const Lanes& b) noexcept {
    return make([&](std::size_t i) noexcept {
      return (a.lane[i] & 0xffffffff) * (b.lane[i] & 0xffffffff);
    });
  }
  // sum + the lowest 52 bits of a b, and sum + the 52 bits above, of a and b below 2^52.
  [[gnu::always_inline]] friend Lanes multiply_low(const Lanes& sum, const Lanes& a,
                                                   const Lanes& b) noexcept {
    constexpr std::uint64_t kMask = (std::uint64_t{1} << 52) - 1;
    return make([&](std::size_t i) noexcept {
      const Wide product = Wide::product(a.lane[i], b.lane[i]);
      return sum.lane[i] + (product.from_bit<0>() & kMask);
    });
  }
  [[gnu::always_inline]] friend Lanes multiply_high(const Lanes& sum, const Lanes& a,
                                                    const Lanes& b) noexcept {
    return make([&](std::size_t i) noexcept {
      const Wide product = Wide::product(a.lane[i], b.lane[i]);
      return sum.lane[i] + product.from_bit<52>();
    });
  }
  // Hides a value's origin from the optimiser.
  [[gnu::always_inline]] friend Lanes opaque(const Lanes& a) noexcept { return a; }

  // Lane i is that of `chosen` if bit i of `lanes` is set, else that of `others`.
  template <unsigned lanes>
  [[gnu::always_inline]] friend Lanes choose(const Lanes& others, const Lanes& chosen) noexcept {
    return make([&](std::size_t i) noexcept {
      return (lanes >> i & 1) != 0 ? chosen.lane[i] : others.lane[i];
    });
  }
  // a + b and a - b in the lanes of `lanes`; a in the others.
  template <unsigned lanes>
  [[gnu::always_inline]] friend Lanes add_in(const Lanes& a, const Lanes& b) noexcept {
    return choose<lanes>(a, a + b);
  }
  template <unsigned lanes>
  [[gnu::always_inline]] friend Lanes subtract_in(const Lanes& a, const Lanes& b) noexcept {
    return choose<lanes>(a, a - b);
  }
  // All ones in lanes where a = b, else zeros. The differences are below 2^63.
  [[gnu::always_inline]] friend Lanes equals(const Lanes& a, const Lanes& b) noexcept {
    return make([&](std::size_t i) noexcept { return equality_mask(a.lane[i], b.lane[i]); });
  }
  // Bit by bit.
  [[gnu::always_inline]] friend Lanes select(const Lanes& mask, const Lanes& if_set,
                                             const Lanes& if_clear) noexcept {
    return make([&](std::size_t i) noexcept {
      return select_bits(mask.lane[i], if_set.lane[i], if_clear.lane[i]);
    });
  }

  // Lane i is lane index[i] of x. The index may be secret.
  [[gnu::always_inline]] friend Lanes permute(const Lanes& x, const Lanes& index) noexcept {
    Lanes result = all(0);
    for (std::size_t i = 0; i < N; ++i) result = result ^ (equals(index, all(i)) & all(x.lane[i]));
    return result;
  }
  // In each four lanes, lanes a, b, c, d of these.
  template <unsigned a, unsigned b, unsigned c, unsigned d>
  [[gnu::always_inline]] friend Lanes permute(const Lanes& x) noexcept {
    constexpr std::size_t kFrom[] = {a, b, c, d};
    return make([&](std::size_t i) noexcept { return x.lane[i / 4 * 4 + kFrom[i % 4]]; });
  }
  // For eight lanes.
  [[gnu::always_inline]] friend Lanes swap_halves(const Lanes& x) noexcept {
    return make([&](std::size_t i) noexcept { return x.lane[i ^ 4]; });
  }
  // The upper half of a, and above it that of b.
  [[gnu::always_inline]] friend Lanes high_halves(const Lanes& a, const Lanes& b) noexcept {
    return make([&](std::size_t i) noexcept { return i < 4 ? a.lane[i + 4] : b.lane[i]; });
  }

  std::uint64_t lane[N];

 private:
  template <class F>
  [[gnu::always_inline]] static Lanes make(F f) noexcept {
    Lanes result;
    for (std::size_t i = 0; i < N; ++i) result.lane[i] = f(i);
    return result;
  }
};

using Octet = Lanes<8>;
using Quad = Lanes<4>;

}  // namespace latchkey::x25519
