// Base64 of what is no secret, by libcrypto's tables: faster than encoding/base64.hpp, and its
// steps depend on the content.
#pragma once

#include "base/bytes.hpp"

namespace latchkey::crypto {

// Encodes with padding, and returns the number of characters. `text` has room for them and for the
// zero byte that libcrypto adds.
std::size_t base64_encode_vartime(std::span<std::uint8_t> text, View bytes) noexcept;

// Decodes groups of four characters and returns the number of bytes; 0, if it is not Base64. '='
// counts as a zero, wherever it stands.
std::size_t base64_decode_vartime(std::span<std::uint8_t> bytes, std::string_view text) noexcept;

}  // namespace latchkey::crypto
