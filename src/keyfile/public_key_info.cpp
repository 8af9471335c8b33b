#include "keyfile/public_key_info.hpp"

#include "base/bytes.hpp"
#include "encoding/der_reader.hpp"
#include "keyfile/der_outline.hpp"

namespace latchkey::keyfile {
namespace {

// Nothing for what is not in the one form that DER has.
std::optional<PublicKeyInfo> parse_public(View bytes) noexcept {
  const auto all = encoding::only_value(bytes, encoding::der::kSequence);
  if (!all) return std::nullopt;
  encoding::DerReader reader(*all);
  const auto algorithm = reader.take(encoding::der::kSequence);
  const auto bits = reader.take(encoding::der::kBitString);
  if (!algorithm || !bits || !reader.at_end()) return std::nullopt;
  const auto known = algorithm_in(*algorithm);
  if (!known || bits->empty() || (*bits)[0] != 0) return std::nullopt;  // unused bits
  return PublicKeyInfo{*known, bits->subspan(1)};
}

}  // namespace

Result<PublicKeyInfo> parse_public_key_info(View bytes) noexcept {
  const auto info = parse_public(bytes);
  if (!info) return reason_of(bytes, KeyFileKind::public_key);
  return *info;
}

}  // namespace latchkey::keyfile
