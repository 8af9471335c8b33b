// Implicit rejection (FIPS 203, Algorithm 18, steps 7 to 11) against J(z || c) by OpenSSL.

#include "api/support.hpp"

namespace latchkey::test {
namespace {

// The three ways to decapsulate.
struct Opener {
  explicit Opener(const KeyMaterial& alice)
      : alice_(alice), imported_(DecapsulationKey::import_expanded(alice.expanded).value()) {}

  void require(View ciphertext, const Bytes& secret) const {
    require_secret(alice_.key.decapsulate(ciphertext), secret);
    require_secret(imported_.decapsulate(ciphertext), secret);
    require_secret(decapsulate_with_expanded_key(alice_.expanded, ciphertext), secret);
  }
  void require_rejected(View ciphertext) const {
    require(ciphertext, rejection_secret(alice_.z(), ciphertext));
  }

 private:
  const KeyMaterial& alice_;
  DecapsulationKey imported_;
};

TEST_CASE("A ciphertext with one byte changed, anywhere, gives J(z || c)") {
  Random random;
  const KeyMaterial alice(random);
  const Opener open(alice);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  REQUIRE(sent.has_value());
  const Bytes secret = copy_of(sent->secret);
  open.require(sent->ciphertext, secret);
  for (std::size_t i = 0; i < kCiphertextSize; ++i) {
    CAPTURE(i);
    Bytes changed = copy_of(sent->ciphertext);
    changed[i] ^= random.between<std::uint8_t>(1, 255);
    open.require_rejected(changed);
  }
  open.require(sent->ciphertext, secret);
}

TEST_CASE("A ciphertext with one bit changed gives J(z || c) at the edges of its blocks") {
  Random random;
  const KeyMaterial alice(random);
  const Opener open(alice);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  REQUIRE(sent.has_value());
  // First and last bytes of u, of each of its polynomials, of v, and of the last 32 bytes.
  for (const std::size_t i : {0, 31, 32, 319, 320, 639, 640, 959, 960, 1055, 1056, 1087}) {
    for (int bit = 0; bit < 8; ++bit) {
      CAPTURE(i, bit);
      Bytes changed = copy_of(sent->ciphertext);
      changed[i] ^= static_cast<std::uint8_t>(1 << bit);
      open.require_rejected(changed);
    }
  }
}

TEST_CASE("Ciphertexts of all zeros, all ones, random bytes, or for another key give J(z || c)") {
  Random random;
  const KeyMaterial alice(random), mallory(random);
  const Opener open(alice);
  open.require_rejected(Bytes(kCiphertextSize, 0x00));
  open.require_rejected(Bytes(kCiphertextSize, 0xff));
  for (int i = 0; i < 20; ++i) open.require_rejected(random.vector(kCiphertextSize));
  const auto astray = mallory.key.encapsulation_key().encapsulate();
  REQUIRE(astray.has_value());
  open.require_rejected(astray->ciphertext);
}

}  // namespace
}  // namespace latchkey::test
