#include "encoding/der_reader.hpp"
#include "base/bytes.hpp"

namespace latchkey::encoding {

std::optional<View> DerReader::take(encoding::der::Tag tag) noexcept {
  if (rest_.empty() || rest_[0] != tag) return std::nullopt;
  return take_any();
}

// X.690, sections 8.1.3 and 10.1: a length below 128 is one octet; a longer one says in its first
// octet how many follow.
std::optional<View> DerReader::take_any() noexcept {
  constexpr std::size_t kMostOctets = 4;
  constexpr std::uint8_t kLongTag = 0x1f;  // the tag's number is in further octets
  if (rest_.size() < 2 || (rest_[0] & kLongTag) == kLongTag) return std::nullopt;
  std::size_t header = 2, size = rest_[1];
  if (size >= 0x80) {
    const std::size_t octets = size - 0x80;
    if (octets == 0 || octets > kMostOctets || octets > rest_.size() - header) return std::nullopt;
    size = 0;
    for (const std::uint8_t octet : rest_.subspan(header, octets)) size = size << 8 | octet;
    const bool is_shortest = size >= 0x80 && size >> 8 * (octets - 1) != 0;
    if (!is_shortest) return std::nullopt;
    header += octets;
  }
  if (size > rest_.size() - header) return std::nullopt;
  const View content = rest_.subspan(header, size);
  rest_ = rest_.subspan(header + size);
  return content;
}

std::optional<View> only_value(View bytes, encoding::der::Tag tag) noexcept {
  DerReader reader(bytes);
  const auto content = reader.take(tag);
  return reader.at_end() ? content : std::nullopt;
}

}  // namespace latchkey::encoding
