// Importing an expanded decapsulation key: it is taken if and only if FIPS 203, section 7.3, takes
// it and its s_hat is reduced, and then it decapsulates as Algorithm 18 does, whatever its s_hat
// is.

#include <algorithm>

#include "keys.hpp"
#include "mlkem/openssl.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

void fix_hash(Bytes& dk) {
  const Bytes hash = test::openssl::sha3_256(View(dk).subspan(kEkOffset, kEncapsulationKeySize));
  std::ranges::copy(hash, dk.begin() + kHashOffset);
}

// Any bytes at all, or a key with changes: of coefficients, bytes and the hash.
Bytes key_bytes(Input& input) {
  const std::uint8_t kind = input.byte();
  if (kind % 4 == 0) return input.rest();
  Bytes dk = known_key(kind / 4).bytes.dk;
  if (kind % 4 == 1) {  // another key's s_hat
    std::copy_n(known_key(kind / 4 + 1).bytes.dk.begin(), kEkOffset, dk.begin());
  }
  while (!input.empty()) {
    const std::size_t what = input.number();
    switch (what % 4) {
      case 0:  // in s_hat or t_hat: they lie side by side
        set_coefficient(dk, what / 4 % (2 * kCoefficients), input.number() % 4096);
        break;
      case 1:
        dk[what / 4 % dk.size()] = input.byte();
        break;
      case 2:
        dk[kHashOffset + what / 4 % 32] ^= input.byte();
        break;
      default:
        fix_hash(dk);
    }
  }
  return dk;
}

bool has_its_hash(View dk) {
  const Bytes hash = test::openssl::sha3_256(dk.subspan(kEkOffset, kEncapsulationKeySize));
  return std::ranges::equal(dk.subspan(kHashOffset, 32), hash);
}

void require_refused(const Bytes& dk, Error expected) {
  const Ciphertext c = {};
  for (const auto check : {ExpandedKeyCheck::hash_only, ExpandedKeyCheck::hash_and_pairwise}) {
    const auto key = DecapsulationKey::import_expanded(dk, check);
    require(!key && key.error() == expected, "a bad key is refused for its fault");
  }
  const auto secret = decapsulate_with_expanded_key(dk, c);
  require(!secret && secret.error() == expected, "it is refused in one call, too");
}

void check_key(const DecapsulationKey& key, const Bytes& dk) {
  const View ek = View(dk).subspan(kEkOffset, kEncapsulationKeySize);
  require(std::ranges::equal(key.encapsulation_key().bytes(), ek), "its public half is the ek");
  std::array<std::uint8_t, kDecapsulationKeySize> exported;
  require(key.export_expanded(exported) && std::ranges::equal(exported, dk),
          "it is exported as it came");
  std::array<std::uint8_t, kSeedSize> seed;
  seed.fill(1);
  const auto without = key.export_seed(seed);
  require(!without && without.error() == Error::no_seed, "it has no seed to export");
  require(std::ranges::count(seed, 0) == std::ssize(seed), "what would hold the seed is zeroed");

  const auto sent = derand::encapsulate(key.encapsulation_key(), View(dk).first<32>());
  require(sent.has_value(), "its public half encapsulates");
  const Bytes expected = oracle::decaps(dk, sent->ciphertext);
  require(copy_of(key.decapsulate(sent->ciphertext)) == expected, "decapsulation is Algorithm 18");
  require(copy_of(decapsulate_with_expanded_key(dk, sent->ciphertext)) == expected,
          "so it is in one call");
}

}  // namespace

void import_key(View data) {
  Input input(data);
  use_row(input);
  const Bytes dk = key_bytes(input);
  if (dk.size() != kDecapsulationKeySize) {
    require_refused(dk, Error::decapsulation_key_length);
    return;
  }
  if (!is_reduced(View(dk).subspan(kEkOffset, kEncapsulationKeySize))) {
    require_refused(dk, Error::not_reduced);
    return;
  }
  if (!has_its_hash(dk)) {
    require_refused(dk, Error::hash_mismatch);
    return;
  }
  if (!is_reduced(View(dk).first(kEkOffset))) {
    require_refused(dk, Error::not_reduced);
    return;
  }
  const auto key = DecapsulationKey::import_expanded(dk, ExpandedKeyCheck::hash_only);
  require(key.has_value(), "a key that passes the checks is taken");
  check_key(*key, dk);
}

}  // namespace latchkey::fuzz
