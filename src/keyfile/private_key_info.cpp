#include "keyfile/private_key_info.hpp"

#include "base/bytes.hpp"
#include "encoding/der.hpp"
#include "encoding/der_reader.hpp"
#include "keyfile/der_outline.hpp"

namespace latchkey::keyfile {
namespace {

using encoding::DerReader;
using encoding::only_value;

// Attributes ::= SET OF Attribute, a SEQUENCE of its identifier and a SET of values (RFC 5958).
bool are_attributes(View content) noexcept {
  DerReader attributes(content);
  while (!attributes.at_end()) {
    const auto attribute = attributes.take(encoding::der::kSequence);
    if (!attribute) return false;
    DerReader inside(*attribute);
    const auto id = inside.take(encoding::der::kObjectIdentifier);
    const auto values = inside.take(encoding::der::kSet);
    if (!id || id->empty() || !values || values->empty() || !inside.at_end()) return false;
    DerReader each(*values);
    while (!each.at_end()) {
      if (!each.take_any()) return false;
    }
  }
  return true;
}

// Nothing for what is not in the one form that RFC 5958 has.
std::optional<PrivateKeyInfo> parse(View bytes) noexcept {
  const auto all = only_value(bytes, encoding::der::kSequence);
  if (!all) return std::nullopt;
  DerReader reader(*all);
  const auto version = reader.take(encoding::der::kInteger);
  const auto algorithm = reader.take(encoding::der::kSequence);
  const auto key = reader.take(encoding::der::kOctetString);
  if (!version || version->size() != 1 || !algorithm || !key) return std::nullopt;
  const auto known = algorithm_in(*algorithm);
  if (!known) return std::nullopt;
  const auto attributes = reader.take(encoding::der::kAttributes);
  if (attributes && !are_attributes(*attributes)) return std::nullopt;
  const auto public_bits = reader.take(encoding::der::kPublicKey);
  // Version 2, which is written as 1, is for keys with a publicKey, and 1 for all others.
  if (!reader.at_end() || (*version)[0] != (public_bits ? 1 : 0)) return std::nullopt;
  PrivateKeyInfo info{*known, *key, std::nullopt};
  if (public_bits) {
    if (public_bits->empty() || (*public_bits)[0] != 0) return std::nullopt;  // unused bits
    info.public_key = public_bits->subspan(1);
  }
  return info;
}

}  // namespace

Result<PrivateKeyInfo> parse_private_key_info(View bytes) noexcept {
  const auto info = parse(bytes);
  if (!info) return keyfile::reason_of(bytes, KeyFileKind::private_key);
  // "The publicKey field MUST be omitted" (draft-connolly-cfrg-xwing-kem, appendix A).
  const bool is_forbidden = info->algorithm == Algorithm::xwing && info->public_key;
  if (is_forbidden) return Error::public_key_forbidden;
  return *info;
}

}  // namespace latchkey::keyfile
