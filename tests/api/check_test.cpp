// The input checks: modulus (FIPS 203, section 7.2), hash (section 7.3), and what goes beyond the
// standard: the modulus check of s_hat and the pairwise test.

#include "api/support.hpp"

namespace latchkey::test {
namespace {

// Both functions that read an expanded key, without the pairwise test.
void require_error_of_import(const Bytes& expanded, Error expected) {
  static const Bytes ciphertext(kCiphertextSize, 0);
  require_error(DecapsulationKey::import_expanded(expanded, ExpandedKeyCheck::hash_only), expected);
  require_error(decapsulate_with_expanded_key(expanded, ciphertext), expected);
}

// Every way to import an expanded key.
void require_unreduced(const Bytes& expanded) {
  require_error_of_import(expanded, Error::not_reduced);
  require_error(DecapsulationKey::import_expanded(expanded), Error::not_reduced);
}

// An expanded key whose hash fits its ek.
Bytes assemble(View dk_pke, View ek, View z) {
  Bytes expanded = copy_of(dk_pke);
  const Bytes hash = h(ek);
  for (const View part : {ek, View(hash), z}) {
    expanded.insert(expanded.end(), part.begin(), part.end());
  }
  return expanded;
}

TEST_CASE("An encapsulation key with a coefficient of q or more is not reduced, at any position") {
  Random random;
  const KeyMaterial alice(random);
  for (std::size_t i = 0; i < kCoefficients; ++i) {
    CAPTURE(i);
    Bytes ek = alice.ek;
    set_coefficient(ek, i, kQ - 1);
    REQUIRE(EncapsulationKey::parse(ek).has_value());
    for (const int value : {kQ, kQ + 1, 4095}) {
      set_coefficient(ek, i, value);
      require_error(EncapsulationKey::parse(ek), Error::not_reduced);
      require_error_of_import(assemble(View(alice.expanded).first(kEkOffset), ek, alice.z()),
                              Error::not_reduced);
    }
  }
}

TEST_CASE("An encapsulation key of all ones but rho is not reduced, and rho may be anything") {
  Random random;
  const KeyMaterial alice(random);
  Bytes ek = alice.ek;
  std::fill(ek.end() - 32, ek.end(), 0xff);
  REQUIRE(EncapsulationKey::parse(ek).has_value());
  std::fill(ek.begin(), ek.end() - 32, 0xff);
  require_error(EncapsulationKey::parse(ek), Error::not_reduced);
}

TEST_CASE("A flipped byte in an expanded key's hash is found, at any position") {
  Random random;
  const KeyMaterial alice(random);
  for (std::size_t i = kHashOffset; i < kZOffset; ++i) {
    CAPTURE(i);
    Bytes expanded = alice.expanded;
    expanded[i] ^= random.between<std::uint8_t>(1, 255);
    require_error_of_import(expanded, Error::hash_mismatch);
    require_error(DecapsulationKey::import_expanded(expanded), Error::hash_mismatch);
  }
}

TEST_CASE("A flipped byte in an expanded key's ek is found, at any position") {
  Random random;
  const KeyMaterial alice(random);
  for (std::size_t i = kEkOffset; i < kHashOffset; ++i) {
    CAPTURE(i);
    Bytes expanded = alice.expanded;
    expanded[i] ^= random.between<std::uint8_t>(1, 255);
    bool reduced = true;
    for (std::size_t j = 0; j < kCoefficients; ++j) {
      reduced = reduced && coefficient(View(expanded).subspan(kEkOffset), j) < kQ;
    }
    require_error_of_import(expanded, reduced ? Error::hash_mismatch : Error::not_reduced);
  }
}

TEST_CASE("Another key's s_hat passes the hash check and fails the pairwise test") {
  Random random;
  const KeyMaterial alice(random), mallory(random);
  const Bytes forged = assemble(View(mallory.expanded).first(kEkOffset), alice.ek, alice.z());
  require_error(DecapsulationKey::import_expanded(forged), Error::inconsistent_key);

  const auto accepted = DecapsulationKey::import_expanded(forged, ExpandedKeyCheck::hash_only);
  REQUIRE(accepted.has_value());
  const auto sent = accepted->encapsulation_key().encapsulate();
  REQUIRE(sent.has_value());
  const Bytes rejected = rejection_secret(alice.z(), sent->ciphertext);
  require_secret(accepted->decapsulate(sent->ciphertext), rejected);
  require_secret(decapsulate_with_expanded_key(forged, sent->ciphertext), rejected);
}

TEST_CASE("A reduced junk s_hat fails the pairwise test") {
  Random random;
  const KeyMaterial alice(random);
  Bytes junk(kEkOffset);
  for (std::size_t i = 0; i < kCoefficients; ++i) {
    set_coefficient(junk, i, random.between(0, kQ - 1));
  }
  for (const auto& s_hat : {Bytes(kEkOffset, 0x00), junk}) {
    const Bytes forged = assemble(s_hat, alice.ek, alice.z());
    require_error(DecapsulationKey::import_expanded(forged), Error::inconsistent_key);
  }
  // One wrong coefficient of s_hat spreads over all of s.
  for (const std::size_t i : {0, 255, 256, 767}) {
    Bytes forged = alice.expanded;
    set_coefficient(forged, i, (coefficient(forged, i) + kQ / 2) % kQ);
    require_error(DecapsulationKey::import_expanded(forged), Error::inconsistent_key);
  }
}

TEST_CASE(
    "An expanded key with a coefficient of s_hat that is q or more is refused, at any position") {
  Random random;
  const KeyMaterial alice(random);
  for (std::size_t i = 0; i < kCoefficients; ++i) {
    CAPTURE(i);
    // The largest number that passes is no error of this kind.
    Bytes expanded = alice.expanded;
    set_coefficient(expanded, i, kQ - 1);
    REQUIRE(DecapsulationKey::import_expanded(expanded, ExpandedKeyCheck::hash_only).has_value());
    for (const int value : {kQ, 4095}) {
      set_coefficient(expanded, i, value);
      require_unreduced(expanded);
    }
    // The same number modulo q: another encoding of the same key.
    const int value = coefficient(alice.expanded, i);
    if (value + kQ >= 4096) continue;
    set_coefficient(expanded, i, value + kQ);
    require_unreduced(expanded);
  }
}

TEST_CASE("An expanded key that is imported is exported with the same bytes") {
  Random random;
  const KeyMaterial alice(random);
  const auto imported = DecapsulationKey::import_expanded(alice.expanded);
  REQUIRE(imported.has_value());
  std::array<std::uint8_t, kDecapsulationKeySize> exported;
  REQUIRE(imported->export_expanded(exported).has_value());
  REQUIRE(copy_of(exported) == alice.expanded);
}

}  // namespace
}  // namespace latchkey::test
