// Numbers and lengths as bytes, the most significant first: I2OSP and OS2IP of RFC 8017.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.hpp"

namespace latchkey::encoding {

template <std::size_t Size>
struct BigEndian {
  explicit constexpr BigEndian(std::uint64_t n) noexcept {
    for (std::size_t i = 0; i < Size; ++i, n >>= 8) {
      bytes[Size - 1 - i] = static_cast<std::uint8_t>(n);
    }
  }
  operator View() const noexcept { return bytes; }  // NOLINT: implicit
  std::uint8_t bytes[Size];
};
using Two = BigEndian<2>;
using Eight = BigEndian<8>;

[[nodiscard]] constexpr std::uint64_t number_in(View bytes) noexcept {
  std::uint64_t n = 0;
  for (const std::uint8_t byte : bytes) n = n << 8 | byte;
  return n;
}

}  // namespace latchkey::encoding
