#include "keyfile/der_outline.hpp"

#include <optional>

#include "base/bytes.hpp"
#include "encoding/der.hpp"
#include "keyfile/algorithms.hpp"

namespace latchkey::keyfile {
namespace {

using encoding::der::kBitString;
using encoding::der::kInteger;
using encoding::der::kObjectIdentifier;
using encoding::der::kOctetString;
using encoding::der::kSequence;
using encoding::der::Tag;

// Takes a value of this tag off the front; its content. X.690, 8.1.3: a length is one octet, or as
// many as the first one says.
std::optional<View> take(View& bytes, Tag tag) noexcept {
  constexpr std::size_t kMostOctets = 4;
  if (bytes.size() < 2 || bytes[0] != tag) return std::nullopt;
  std::size_t header = 2, size = bytes[1];
  if (size >= 0x80) {
    const std::size_t octets = size - 0x80;
    if (octets == 0 || octets > kMostOctets || octets > bytes.size() - header) return std::nullopt;
    size = 0;
    for (const std::uint8_t octet : bytes.subspan(header, octets)) size = size << 8 | octet;
    header += octets;
  }
  if (size > bytes.size() - header) return std::nullopt;
  const View content = bytes.subspan(header, size);
  bytes = bytes.subspan(header + size);
  return content;
}

}  // namespace

Outline outline_of(View bytes) noexcept {
  auto all = take(bytes, kSequence);
  if (!all) return {};
  const auto version = take(*all, kInteger);
  if (version && (version->size() != 1 || (*version)[0] > 1)) return {};
  auto algorithm = take(*all, kSequence);
  if (!algorithm) return {};
  const auto id = take(*algorithm, kObjectIdentifier);
  if (!id) return {};
  const bool is_ours = algorithm_of_id(*id).has_value();
  if (!version && take(*all, kBitString)) return {KeyFileKind::public_key, is_ours};
  if (!take(*all, kOctetString)) return {};
  if (version) return {KeyFileKind::private_key, is_ours};  // attributes may follow
  return {KeyFileKind::encrypted_private_key, false};
}

Error reason_of(View bytes, KeyFileKind wanted) noexcept {
  const Outline outline = outline_of(bytes);
  if (outline.kind != wanted) return Error::not_a_key;
  return outline.is_ours ? Error::not_canonical : Error::other_algorithm;
}

}  // namespace latchkey::keyfile
