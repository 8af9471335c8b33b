// Constant-time choice and comparison: what a secret decides is decided by masks, never by
// branches.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace latchkey::base {

// Hides a value's origin from the optimiser. Without it clang 16 and later see that a mask is all
// ones or all zeros and turn the arithmetic on it back into a branch on the secret.
template <std::integral T>
[[gnu::always_inline]] inline T value_barrier(T x) noexcept {
  asm("" : "+r"(x));
  return x;
}

// All ones ("set") or all zeros. There is no conversion to bool: a secret mask cannot reach an
// `if`.
template <std::unsigned_integral T>
class Mask {
 public:
  // `bit` is 0 or 1.
  [[gnu::always_inline]] static Mask from_bit(T bit) noexcept {
    return Mask(static_cast<T>(T{0} - value_barrier(bit)));
  }

  [[gnu::always_inline]] static Mask if_nonzero(T x) noexcept {
    const T negated = static_cast<T>(T{0} - x);
    return from_bit(static_cast<T>(static_cast<T>(x | negated) >> (sizeof(T) * 8 - 1)));
  }

  [[gnu::always_inline]] T select(T if_set, T if_clear) const noexcept {
    return static_cast<T>(if_clear ^ (bits_ & (if_set ^ if_clear)));
  }

  // All ones or all zeros, for arithmetic.
  [[gnu::always_inline]] T bits() const noexcept { return bits_; }

 private:
  [[gnu::always_inline]] explicit Mask(T bits) noexcept : bits_(bits) {}

  T bits_;
};

// Zero if the two are equal. Reads every byte of both.
[[gnu::always_inline]] inline std::uint64_t difference(const std::uint8_t* a, const std::uint8_t* b,
                                                       std::size_t size) noexcept {
  std::uint64_t bits = 0;
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) bits |= load_le64(a + i) ^ load_le64(b + i);
  for (; i < size; ++i) bits |= static_cast<std::uint64_t>(a[i] ^ b[i]);
  return bits;
}

template <std::size_t N>
[[gnu::always_inline]] inline Mask<std::uint64_t> not_equal(
    In<N> a, std::type_identity_t<In<N>> b) noexcept {
  return Mask<std::uint64_t>::if_nonzero(difference(a.data(), b.data(), N));
}

// to = mask ? if_set : to
template <std::size_t N>
[[gnu::always_inline]] inline void assign_if(Mask<std::uint64_t> mask, Out<N> to,
                                             std::type_identity_t<In<N>> if_set) noexcept {
  static_assert(N % 8 == 0);
  for (std::size_t i = 0; i < N; i += 8) {
    const std::uint64_t chosen = mask.select(load_le64(&if_set[i]), load_le64(&to[i]));
    store_le64(&to[i], chosen);
  }
}

}  // namespace latchkey::base
