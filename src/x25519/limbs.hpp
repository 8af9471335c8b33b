// The field of RFC 7748, section 4.1: the integers modulo p = 2^255 - 19. An element is five limbs
// of about 51 bits, and its value is the sum of limb[k] 2^(51 k).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <unistd.h>

namespace latchkey::x25519 {

inline constexpr std::size_t kLimbs = 5;
inline constexpr unsigned kLimbBits = 51;
inline constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << kLimbBits) - 1;
inline constexpr std::uint64_t kFold = 19;  // 2^255 modulo p

// Limb k of p.
constexpr std::uint64_t modulus_limb(std::size_t k) noexcept {
  return k == 0 ? kLimbMask - (kFold - 1) : kLimbMask;
}

// Bounds on limbs are part of the types of an element. Debug builds check them, but for those that
// check constant time: the checks branch on secrets.
#if defined(LATCHKEY_CHECK_BOUNDS) && !defined(LATCHKEY_CT_CHECK)
inline constexpr bool kCheckBounds = true;
#else
inline constexpr bool kCheckBounds = false;
#endif

// Ends the process: the arithmetic is wrong. `what` is the bound, by its name.
[[noreturn, gnu::cold, gnu::noinline]] inline void stop_beyond(const char* what) noexcept {
  const char* const message[] = {"latchkey: X25519: a limb is not below ", what, "\n"};
  for (const char* text : message) {
    if (::write(2, text, __builtin_strlen(text)) < 0) break;
  }
  std::abort();
}

// A number, or each lane of a vector. The tests have other kinds of numbers.
constexpr void check_below(std::uint64_t x, std::uint64_t bound, const char* what) noexcept {
  if (x >= bound) stop_beyond(what);
}
template <class V>
requires requires { V::kLanes; }
[[gnu::noinline]] void check_below(const V& x, std::uint64_t bound, const char* what) noexcept {
  std::uint64_t lanes[V::kLanes];
  x.store(lanes);
  for (const std::uint64_t lane : lanes) check_below(lane, bound, what);
}
template <class Limb>
[[gnu::always_inline]] constexpr void check_limbs(const Limb (&limb)[kLimbs], std::uint64_t bound,
                                                  const char* what) noexcept {
  if constexpr (kCheckBounds) {
    for (const Limb& one : limb) check_below(one, bound, what);
  }
}

}  // namespace latchkey::x25519
