#include "keyfile/plain_key.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "encoding/der_reader.hpp"
#include "keyfile/private_key_info.hpp"

namespace latchkey::keyfile {
namespace {

using base::Scrubbed;
using encoding::DerReader;
using encoding::only_value;

// RFC 9935, section 8: a seed and an expanded key have to be of one key.
Result<DecapsulationKey> read_both(View seed, View expanded) noexcept {
  auto key = DecapsulationKey::from_seed(seed);
  if (!key) return key;
  Scrubbed<std::array<std::uint8_t, kDecapsulationKeySize>> own;
  LATCHKEY_TRY(key->export_expanded(*own));
  std::uint64_t differs = base::secrets_differ(own->data(), expanded.data(), kDecapsulationKeySize);
  base::declassify(&differs, sizeof differs);  // the caller is told
  if (differs != 0) return Error::seed_mismatch;
  return key;
}

// ML-KEM-768-PrivateKey ::= CHOICE { seed [0], expandedKey, both } (RFC 9935, section 6).
Result<DecapsulationKey> read_mlkem(View choice) noexcept {
  // No form of the CHOICE has this size. Botan writes keys so, and OpenSSL 3.5 reads them.
  if (choice.size() == kSeedSize) return DecapsulationKey::from_seed(choice);
  if (const auto seed = only_value(choice, encoding::der::kContext0);
      seed && seed->size() == kSeedSize) {
    return DecapsulationKey::from_seed(*seed);
  }
  if (const auto expanded = only_value(choice, encoding::der::kOctetString);
      expanded && expanded->size() == kDecapsulationKeySize) {
    return DecapsulationKey::import_expanded(*expanded);
  }
  const auto both = only_value(choice, encoding::der::kSequence);
  if (!both) return Error::not_canonical;
  DerReader reader(*both);
  const auto seed = reader.take(encoding::der::kOctetString),
             expanded = reader.take(encoding::der::kOctetString);
  if (!seed || seed->size() != kSeedSize || !expanded ||
      expanded->size() != kDecapsulationKeySize || !reader.at_end()) {
    return Error::not_canonical;
  }
  return read_both(*seed, *expanded);
}

Result<AnyDecapsulationKey> read_xwing(View key) noexcept {
  if (key.size() != xwing::kSeedSize) return Error::not_canonical;
  auto read = LATCHKEY_TRY(xwing::DecapsulationKey::from_seed(key));
  return AnyDecapsulationKey(std::move(read));
}

}  // namespace

Result<AnyDecapsulationKey> read_plain_key(View der) noexcept {
  const auto info = LATCHKEY_TRY(parse_private_key_info(der));
  if (info.algorithm == Algorithm::xwing) return read_xwing(info.key);
  auto key = LATCHKEY_TRY(read_mlkem(info.key));
  if (info.public_key && !std::ranges::equal(*info.public_key, key.encapsulation_key().bytes())) {
    return Error::public_key_mismatch;
  }
  return AnyDecapsulationKey(std::move(key));
}

}  // namespace latchkey::keyfile
