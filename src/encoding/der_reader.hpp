// Reads DER (X.690), value by value, and accepts no other encoding: a length takes as few octets as
// it needs. Tags and lengths are public, also where the content is secret.
#pragma once

#include <optional>
#include <span>

#include "encoding/der.hpp"

namespace latchkey::encoding {

// The part of a sequence of values that has not been read yet.
class DerReader {
 public:
  explicit DerReader(std::span<const std::uint8_t> bytes) noexcept : rest_(bytes) {}

  // Takes a value of this tag off the front; its content. Nothing, if there is no such value: then
  // nothing is taken.
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> take(encoding::der::Tag tag) noexcept;
  // The same for a value of any tag of one octet.
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> take_any() noexcept;

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::span<const std::uint8_t> rest_;
};

// The content, if `bytes` are exactly one value of this tag; otherwise nothing.
[[nodiscard]] std::optional<std::span<const std::uint8_t>> only_value(
    std::span<const std::uint8_t> bytes, encoding::der::Tag tag) noexcept;

}  // namespace latchkey::encoding
