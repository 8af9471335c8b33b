// Byte spans that carry their length in the type, and little-endian words.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace latchkey::base {

template <std::size_t N>
using In = std::span<const std::uint8_t, N>;
template <std::size_t N>
using Out = std::span<std::uint8_t, N>;

[[gnu::always_inline]] inline std::uint64_t load_le64(const std::uint8_t* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

[[gnu::always_inline]] inline void store_le64(std::uint8_t* to, std::uint64_t word) noexcept {
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  std::memcpy(to, &word, sizeof word);
}

template <std::size_t N>
[[gnu::always_inline]] inline void copy(Out<N> to, std::type_identity_t<In<N>> from) noexcept {
  std::memcpy(to.data(), from.data(), N);
}

}  // namespace latchkey::base
