// X25519 public keys that give all zeros with every secret.
#pragma once

#include "api/support.hpp"

namespace latchkey::test {

// The points of order 1, 2, 4 and 8, on the curve and its twist (RFC 7748, section 7), and those
// numbers that are the same modulo p; each also with the bit that X25519 ignores.
inline std::vector<Bytes> low_order_points() {
  constexpr std::size_t kX = 32;
  const auto near_p = [](std::uint8_t last) {  // p + (last - 0xed), little-endian
    Bytes point(kX, 0xff);
    point[0] = last;
    point[kX - 1] = 0x7f;
    return point;
  };
  Bytes zero(kX), one(kX);
  one[0] = 1;
  const Bytes eighth = {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
                        0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
                        0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00};
  const Bytes other_eighth = {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
                              0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
                              0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57};
  std::vector<Bytes> points = {zero,         one,          eighth,      other_eighth,
                               near_p(0xec), near_p(0xed), near_p(0xee)};
  for (std::size_t i = points.size(); i-- > 0;) {
    points.push_back(points[i]);
    points.back().back() |= 0x80;
  }
  return points;
}

}  // namespace latchkey::test
