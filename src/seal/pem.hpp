// PEM (RFC 7468) with one object in it, decoded and encoded without a trace (base64.hpp).
#pragma once

#include <string_view>

#include "latchkey/secret_memory.hpp"

namespace latchkey::seal {

// One object between `-----BEGIN label-----` and `-----END label-----`.
struct Pem {
  std::string_view label;
  std::span<const std::uint8_t> body;  // the lines between
};

// The label of the line that begins one; then `file` is meant to be PEM. Empty, if there is none.
[[nodiscard]] std::string_view pem_label(std::span<const std::uint8_t> file) noexcept;

// Text may stand before it; blanks and empty lines may follow, nothing else. Errors: not_a_key, if
// there is no such thing, or it has no end; not_canonical, if something follows it.
[[nodiscard]] Result<Pem> find_pem(std::span<const std::uint8_t> file) noexcept;

// The bytes that the lines stand for, in locked memory. Lines may have any length and end in either
// way, with blanks before the end. Errors: not_canonical, and those on memory.
[[nodiscard]] Result<LockedBuffer> decode_pem(const Pem& pem) noexcept;

// In bytes, for an object of `size`, fewer than 65,000: lines of 64 characters.
[[nodiscard]] std::size_t pem_size(std::string_view label, std::size_t size) noexcept;

// `text` has pem_size() bytes.
void write_pem(std::span<std::uint8_t> text, std::string_view label,
               std::span<const std::uint8_t> bytes) noexcept;

}  // namespace latchkey::seal
