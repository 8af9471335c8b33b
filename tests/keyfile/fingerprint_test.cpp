// Fingerprints of public keys.

#include "latchkey/fingerprint.hpp"

#include "keyfile/der_writer.hpp"

namespace latchkey::test {
namespace {

// "SHA256:" and Base64 without padding, by OpenSSL.
std::string fingerprint_by_openssl(View der) {
  const Bytes hash = digest(EVP_sha256(), der, {}, 32);
  std::string characters(45, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(characters.data()), hash.data(), 32);
  return "SHA256:" + characters.substr(0, 43);
}

TEST_CASE("A fingerprint is SHA-256 of the SubjectPublicKeyInfo in Base64 without padding") {
  Random random;
  const Bytes seed = random.vector(kSeedSize);
  const auto mlkem512 = mlkem512::DecapsulationKey::from_seed(seed);
  const auto mlkem768 = mlkem768::DecapsulationKey::from_seed(seed);
  const auto mlkem1024 = mlkem1024::DecapsulationKey::from_seed(seed);
  const auto xwing = xwing::DecapsulationKey::from_seed(random.vector(xwing::kSeedSize));
  const auto check = [](const auto& key) {
    const auto shown = fingerprint(key);
    REQUIRE(shown.has_value());
    const auto der = write_public_key(key, KeyEncoding::der);
    REQUIRE(shown->text() == fingerprint_by_openssl(der->bytes()));
    REQUIRE(copy_of(shown->digest()) == digest(EVP_sha256(), der->bytes(), {}, 32));
  };
  check(mlkem512->encapsulation_key());
  check(mlkem768->encapsulation_key());
  check(mlkem1024->encapsulation_key());
  check(xwing->encapsulation_key());
}

TEST_CASE("The fingerprint of a known key is the known one") {
  Bytes seed(kSeedSize);
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
  const auto key = DecapsulationKey::from_seed(seed);
  const auto shown = fingerprint(key->encapsulation_key());
  REQUIRE(shown->text() == "SHA256:wj4j3T1IWpJWzaCTWKSihuALNz2xB2Hq35n3EGScoxw");
  // OpenSSL's, by tests/keyfile/cases.
  const auto small = mlkem512::DecapsulationKey::from_seed(seed);
  const auto large = mlkem1024::DecapsulationKey::from_seed(seed);
  const auto of_small = fingerprint(small->encapsulation_key()),
             of_large = fingerprint(large->encapsulation_key());
  REQUIRE(of_small->text() == "SHA256:DjyLibVCAtJUX3q6LiqqPP+nthkZGa1zj6s1tPMTz3E");
  REQUIRE(of_large->text() == "SHA256:0rdICuAGoUs3weio5F6jkCLjKpsae5DVlMhNhpxqxCA");
}

TEST_CASE("Keys that differ in one byte have different fingerprints") {
  Random random;
  const KeyMaterial alice(random);
  Bytes other = alice.ek;
  other.back() ^= 1;  // in rho
  const auto key = EncapsulationKey::parse(other);
  const auto ours = fingerprint(alice.key.encapsulation_key()), theirs = fingerprint(*key);
  REQUIRE(ours->text() != theirs->text());
}

TEST_CASE("A key that was moved away has no fingerprint") {
  require_error(fingerprint(EncapsulationKey()), Error::moved_from);
  require_error(fingerprint(xwing::EncapsulationKey()), Error::moved_from);
}

}  // namespace
}  // namespace latchkey::test
