// The field of RFC 7748, section 4.1: the integers modulo p = 2^255 - 19. An element is five limbs
// of about 51 bits, and its value is the sum of limb[k] 2^(51 k).
#pragma once

#include <cstddef>
#include <cstdint>

namespace latchkey::x25519 {

inline constexpr std::size_t kLimbs = 5;
inline constexpr unsigned kLimbBits = 51;
inline constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << kLimbBits) - 1;
inline constexpr std::uint64_t kFold = 19;  // 2^255 modulo p

// Limb k of p.
constexpr std::uint64_t modulus_limb(std::size_t k) noexcept {
  return k == 0 ? kLimbMask - (kFold - 1) : kLimbMask;
}

// Bounds on limbs are part of the types of an element; debug builds check them.
#ifdef LATCHKEY_CHECK_BOUNDS
inline constexpr bool kCheckBounds = true;
#else
inline constexpr bool kCheckBounds = false;
#endif

}  // namespace latchkey::x25519
