// Bytes as text, and the reverse.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace latchkey::cli {

using View = std::span<const std::uint8_t>;

inline std::string_view text_of(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline View bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// In hexadecimal, lower case.
inline std::string hex(View bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace latchkey::cli
