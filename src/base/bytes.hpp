// Byte spans, little-endian words, and the arithmetic of sizes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>

namespace latchkey {

// Bytes to read, which belong to somebody else.
using View = std::span<const std::uint8_t>;
// Bytes in several parts, one behind the other.
using Parts = std::initializer_list<View>;

[[nodiscard]] inline View bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view text_of(View bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace latchkey

namespace latchkey::base {

// Bytes whose number is part of the type: to read, and to write.
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

// n / Divisor for n < 2^16, without an instruction that divides: gcc -Os would take one, and then
// nobody could tell by looking at the instructions that no secret is divided.
template <std::uint64_t Divisor>
[[gnu::always_inline]] constexpr std::size_t quotient(std::size_t n) noexcept {
  static_assert(Divisor < 1 << 16);
  constexpr std::uint64_t kReciprocal = (std::uint64_t{1} << 32) / Divisor + 1;
  return static_cast<std::size_t>((n * kReciprocal) >> 32);
}

}  // namespace latchkey::base
