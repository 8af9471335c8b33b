// The layout of a TLS group's shares and secrets.
#pragma once

#include <span>

#include "latchkey/tls.hpp"

namespace latchkey::tls {

// Where the halves of a group lie in its shares and secrets. _M is that of ML-KEM, _C the curve's.
template <Group group>
struct Layout {
  static constexpr MlKem kSet = mlkem_of(group);
  static constexpr MlKemSizes kMlKem = latchkey::sizes_of(kSet);
  static constexpr CurveSizes kCurve = curve_sizes_of(group);
  static constexpr ShareSizes kSizes = tls::sizes_of(group);

  // The halves of `whole`, of which the curve's has kCurvePart bytes.
  template <std::size_t kCurvePart, class Byte, std::size_t kWhole>
  static auto mlkem_half(std::span<Byte, kWhole> whole) noexcept {
    constexpr std::size_t kSize = kWhole - kCurvePart;
    return whole.template subspan < group == Group::x25519_mlkem768 ? 0 : kCurvePart, kSize > ();
  }
  template <std::size_t kCurvePart, class Byte, std::size_t kWhole>
  static auto curve_half(std::span<Byte, kWhole> whole) noexcept {
    constexpr std::size_t kSize = kWhole - kCurvePart;
    return whole.template subspan < group == Group::x25519_mlkem768 ? kSize : 0, kCurvePart > ();
  }
};

}  // namespace latchkey::tls
