// Base64 (RFC 4648, section 4) of secrets: no table, no branch on a character's value. libcrypto's
// looks its characters up in tables and leaves some on the heap, and key files have been read that
// way through the cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "latchkey/result.hpp"

namespace latchkey::encoding {

// Characters for `size` bytes, fewer than 65,000, with padding.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t size) noexcept {
  return base::quotient<3>(size + 2) * 4;
}

// `text` has base64_size(bytes.size()) characters.
void base64_encode(std::span<std::uint8_t> text, std::span<const std::uint8_t> bytes) noexcept;

// Whether padding has to be there to fill up four characters, or must not be.
enum class Padding : bool { none, required };

// The number of bytes that were written to `bytes`, which has at least three for each four
// characters begun. It is zeroed on error. Errors: not_canonical, unless `text` is just what
// encoding would give: no other character, no line break, no bit set that is not used.
[[nodiscard]] Result<std::size_t> base64_decode(std::span<std::uint8_t> bytes,
                                                std::span<const std::uint8_t> text,
                                                Padding padding) noexcept;

}  // namespace latchkey::encoding
