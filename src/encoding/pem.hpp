// PEM (RFC 7468): finds one object in a file that may have others and text around them, and decodes
// and encodes it without a trace (base64.hpp).
#pragma once

#include <string_view>

#include "latchkey/secret_memory.hpp"

namespace latchkey::encoding {

// One object between `-----BEGIN label-----` and `-----END label-----`.
struct Pem {
  std::string_view label;
  std::span<const std::uint8_t> body;   // the lines between
  std::span<const std::uint8_t> whole;  // and with those two lines, and the end of the last
};

// Takes the text up to and with the next line that begins an object off the front; its label.
// Empty, if there is none.
[[nodiscard]] std::string_view next_pem_label(std::string_view& text) noexcept;

// The only object with one of these labels. Whatever else is in the file, other objects too, is
// passed over. Errors: not_a_key, if there is none, or it has no end; several_keys, if there are
// two.
[[nodiscard]] Result<Pem> find_pem(std::span<const std::uint8_t> file,
                                   std::span<const std::string_view> labels) noexcept;

// The bytes that the lines stand for, in locked memory. Lines may have any length and end in either
// way, with blanks before the end. Errors: not_canonical, and those on memory.
[[nodiscard]] Result<LockedBuffer> decode_pem(const Pem& pem) noexcept;

enum class LineEnd : bool { lf, crlf };

// How the first line of a text ends: LF if it does not.
[[nodiscard]] LineEnd line_end_of(std::span<const std::uint8_t> text) noexcept;

// In bytes, for an object of `size`, fewer than 65,000: lines of 64 characters.
[[nodiscard]] std::size_t pem_size(std::string_view label, std::size_t size,
                                   LineEnd line_end = LineEnd::lf) noexcept;

// `text` has pem_size() bytes.
void write_pem(std::span<std::uint8_t> text, std::string_view label,
               std::span<const std::uint8_t> bytes, LineEnd line_end = LineEnd::lf) noexcept;

}  // namespace latchkey::encoding
