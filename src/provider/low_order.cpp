#include "provider/low_order.hpp"

#include <algorithm>
#include <array>

namespace latchkey::provider {
namespace {

using Number = std::array<std::uint8_t, 32>;

// 2^255 - 19 less `n`, which is at most 19, in the encoding of RFC 7748.
constexpr Number p_less(unsigned n) {
  Number number;
  number.fill(0xff);
  number[0] = static_cast<std::uint8_t>(0xed - n);
  number[31] = 0x7f;
  return number;
}

// The orders are 1 or 2, 4 (u = 1 on the curve, u = -1 on the twist) and 8, twice.
constexpr Number kLowOrder[] = {
    {0},
    {1},
    p_less(1),
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
};

}  // namespace

bool is_low_order_vartime(base::In<32> u) noexcept {
  Number number;
  std::copy(u.begin(), u.end(), number.begin());
  number[31] &= 0x7f;  // RFC 7748 masks the highest bit
  // p, ..., 2^255 - 1 stand for 0, ..., 18.
  constexpr Number kP = p_less(0);
  if (number[0] >= kP[0] && std::equal(number.begin() + 1, number.end(), kP.begin() + 1)) {
    number = {static_cast<std::uint8_t>(number[0] - kP[0])};
  }
  return std::find(std::begin(kLowOrder), std::end(kLowOrder), number) != std::end(kLowOrder);
}

}  // namespace latchkey::provider
