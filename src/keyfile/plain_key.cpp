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
template <MlKem set>
Result<MlKemDecapsulationKey<set>> read_both(View seed, View expanded) noexcept {
  constexpr std::size_t kSize = sizes_of(set).decapsulation_key;
  auto key = MlKemDecapsulationKey<set>::from_seed(seed);
  if (!key) return key;
  if (expanded.size() != kSize) return Error::decapsulation_key_length;
  Scrubbed<std::array<std::uint8_t, kSize>> own;
  LATCHKEY_TRY(key->export_expanded(*own));
  std::uint64_t differs = base::secrets_differ(own->data(), expanded.data(), kSize);
  base::declassify(&differs, sizeof differs);  // the caller is told
  if (differs != 0) return Error::seed_mismatch;
  return key;
}

// ML-KEM-768-PrivateKey ::= CHOICE { seed [0], expandedKey, both } (RFC 9935, section 6), and
// likewise for the other sets. A key of another size belongs to another set.
template <MlKem set>
Result<MlKemDecapsulationKey<set>> read_choice(View choice) noexcept {
  using Key = MlKemDecapsulationKey<set>;
  // No form of the CHOICE has this size. Botan writes keys so, and OpenSSL 3.5 reads them.
  if (choice.size() == kSeedSize) return Key::from_seed(choice);
  if (const auto seed = only_value(choice, encoding::der::kContext0)) return Key::from_seed(*seed);
  if (const auto expanded = only_value(choice, encoding::der::kOctetString)) {
    return Key::import_expanded(*expanded);
  }
  const auto both = only_value(choice, encoding::der::kSequence);
  if (!both) return Error::not_canonical;
  DerReader reader(*both);
  const auto seed = reader.take(encoding::der::kOctetString),
             expanded = reader.take(encoding::der::kOctetString);
  if (!seed || !expanded || !reader.at_end()) return Error::not_canonical;
  return read_both<set>(*seed, *expanded);
}

template <MlKem set>
Result<AnyDecapsulationKey> read_mlkem(const PrivateKeyInfo& info) noexcept {
  auto key = LATCHKEY_TRY(read_choice<set>(info.key));
  if (info.public_key && !std::ranges::equal(*info.public_key, key.encapsulation_key().bytes())) {
    return Error::public_key_mismatch;
  }
  return AnyDecapsulationKey(std::move(key));
}

Result<AnyDecapsulationKey> read_xwing(const PrivateKeyInfo& info) noexcept {
  auto key = LATCHKEY_TRY(xwing::DecapsulationKey::from_seed(info.key));
  return AnyDecapsulationKey(std::move(key));
}

}  // namespace

Result<AnyDecapsulationKey> read_plain_key(View der) noexcept {
  const auto info = LATCHKEY_TRY(parse_private_key_info(der));
  switch (info.algorithm) {
    case Algorithm::mlkem512:
      return read_mlkem<MlKem::k512>(info);
    case Algorithm::mlkem768:
      return read_mlkem<MlKem::k768>(info);
    case Algorithm::mlkem1024:
      return read_mlkem<MlKem::k1024>(info);
    case Algorithm::xwing:
      return read_xwing(info);
  }
  return Error::other_algorithm;  // there is no such value
}

}  // namespace latchkey::keyfile
