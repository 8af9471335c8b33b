// Bech32 (BIP 173), without its limit on the length: how age writes keys. Private keys, too, so no
// table is looked up by what a character says, and no branch depends on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "latchkey/result.hpp"

namespace latchkey::encoding {

// Characters for `size` bytes, fewer than 8,000, five bits each.
[[nodiscard]] constexpr std::size_t bech32_digits(std::size_t size) noexcept {
  return base::quotient<5>(8 * size + 4);
}
inline constexpr std::size_t kBech32Checksum = 6;  // characters

// In characters: prefix, "1", digits, checksum.
[[nodiscard]] constexpr std::size_t bech32_size(std::string_view prefix,
                                                std::size_t size) noexcept {
  return prefix.size() + 1 + bech32_digits(size) + kBech32Checksum;
}

// `text` has bech32_size() characters, in the case of the prefix.
void bech32_encode(std::span<std::uint8_t> text, std::string_view prefix,
                   std::span<const std::uint8_t> bytes) noexcept;

// The reverse: the text has just this prefix, and stands for just as many bytes. `bytes` is zeroed
// on error. Errors: not_a_key.
[[nodiscard]] Result<void> bech32_decode(std::span<std::uint8_t> bytes, std::string_view prefix,
                                         std::string_view text) noexcept;

}  // namespace latchkey::encoding
