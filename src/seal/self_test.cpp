// Known answers of what the sealing layer gets from libcrypto, and of X-Wing, for a user who wants
// to know that this build works on this machine, with its libcrypto and its configuration.

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "latchkey/seal.hpp"

namespace latchkey {
namespace {

template <std::size_t Size>
constexpr std::array<std::uint8_t, Size> bytes_from(std::uint8_t first) {
  std::array<std::uint8_t, Size> bytes{};
  for (std::size_t i = 0; i < Size; ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
  return bytes;
}

Result<void> expect(View bytes, View expected) noexcept {
  if (!std::ranges::equal(bytes, expected)) return Error::self_test_failed;
  return {};
}

// Errors: self_test_failed; purged.
Result<void> expect(const SharedSecret& secret, View expected) noexcept {
  const OpenSecrets open;
  const auto bytes = LATCHKEY_TRY(secret.expose());
  return expect(bytes, expected);
}

// Key = 00 01 .., nonce = 20 21 .., message = 30 31 .., aad = 50 51 ..; the tag covers them all.
struct Sealed {
  hpke::Aead aead;
  std::uint8_t tag[hpke::kTagSize];
};
constexpr Sealed kSealed[] = {
    {hpke::Aead::aes_128_gcm,
     {0x31, 0x70, 0x7a, 0xd3, 0x1a, 0x10, 0x24, 0xac, 0xe3, 0x7d, 0x67, 0x24, 0x02, 0x9a, 0xcd,
      0x02}},
    {hpke::Aead::aes_256_gcm,
     {0x38, 0xdf, 0x8b, 0x73, 0x30, 0x22, 0x9f, 0x07, 0x03, 0x0a, 0xe4, 0x25, 0xbd, 0x67, 0x7a,
      0x99}},
    {hpke::Aead::chacha20_poly1305,
     {0xf3, 0x95, 0x7e, 0x26, 0xbd, 0x44, 0x1f, 0xc8, 0xa8, 0x2d, 0x18, 0xad, 0x78, 0x4a, 0x0c,
      0x04}},
};

Result<void> test_aead(const Sealed& known) noexcept {
  constexpr auto key = bytes_from<32>(0x00);
  constexpr auto nonce = bytes_from<crypto::kNonceSize>(0x20);
  constexpr auto message = bytes_from<32>(0x30);
  constexpr auto aad = bytes_from<5>(0x50);
  const View its_key = View(key).first(crypto::key_size(known.aead));
  std::array<std::uint8_t, message.size() + hpke::kTagSize> sealed;
  auto done = crypto::aead_seal(sealed, known.aead, its_key, nonce, message, {aad});
  if (done) done = expect(View(sealed).last(hpke::kTagSize), known.tag);
  if (!done) return done;
  std::array<std::uint8_t, message.size()> opened;
  done = crypto::aead_open(opened, known.aead, its_key, nonce, sealed, {aad});
  if (done) done = expect(opened, message);
  if (!done) return done.error() == Error::not_authentic ? Error::self_test_failed : done;
  sealed.back() ^= 1;
  done = crypto::aead_open(opened, known.aead, its_key, nonce, sealed, {aad});
  if (done) return Error::self_test_failed;
  return done.error() == Error::not_authentic ? Result<void>() : done;
}

// RFC 5869, appendix A.1.
Result<void> test_hkdf() noexcept {
  constexpr std::uint8_t kExpected[42] = {
      0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a, 0x90, 0x43, 0x4f, 0x64, 0xd0, 0x36,
      0x2f, 0x2a, 0x2d, 0x2d, 0x0a, 0x90, 0xcf, 0x1a, 0x5a, 0x4c, 0x5d, 0xb0, 0x2d, 0x56,
      0xec, 0xc4, 0xc5, 0xbf, 0x34, 0x00, 0x72, 0x08, 0xd5, 0xb8, 0x87, 0x18, 0x58, 0x65};
  std::array<std::uint8_t, 22> input;
  input.fill(0x0b);
  constexpr auto salt = bytes_from<13>(0x00);
  constexpr auto info = bytes_from<10>(0xf0);
  std::array<std::uint8_t, crypto::kSha256Size> root;
  std::array<std::uint8_t, sizeof kExpected> key;
  auto done = crypto::hkdf_extract(root, salt, {input});
  if (done) done = crypto::hkdf_expand(key, root, {info});
  if (done) done = expect(key, kExpected);
  return done;
}

// The first vector of draft-connolly-cfrg-xwing-kem, appendix C. X25519 is in it on both sides, and
// the secret of the side that decapsulates depends on all of the ciphertext.
constexpr std::uint8_t kXWingSeed[] = {
    0x7f, 0x9c, 0x2b, 0xa4, 0xe8, 0x8f, 0x82, 0x7d, 0x61, 0x60, 0x45, 0x50, 0x76, 0x05, 0x85, 0x3e,
    0xd7, 0x3b, 0x80, 0x93, 0xf6, 0xef, 0xbc, 0x88, 0xeb, 0x1a, 0x6e, 0xac, 0xfa, 0x66, 0xef, 0x26};
constexpr std::uint8_t kXWingRandomness[] = {
    0x3c, 0xb1, 0xee, 0xa9, 0x88, 0x00, 0x4b, 0x93, 0x10, 0x3c, 0xfb, 0x0a, 0xee, 0xfd, 0x2a, 0x68,
    0x6e, 0x01, 0xfa, 0x4a, 0x58, 0xe8, 0xa3, 0x63, 0x9c, 0xa8, 0xa1, 0xe3, 0xf9, 0xae, 0x57, 0xe2,
    0x35, 0xb8, 0xcc, 0x87, 0x3c, 0x23, 0xdc, 0x62, 0xb8, 0xd2, 0x60, 0x16, 0x9a, 0xfa, 0x2f, 0x75,
    0xab, 0x91, 0x6a, 0x58, 0xd9, 0x74, 0x91, 0x88, 0x35, 0xd2, 0x5e, 0x6a, 0x43, 0x50, 0x85, 0xb2};
constexpr std::uint8_t kXWingSecret[] = {
    0xd2, 0xdf, 0x05, 0x22, 0x12, 0x8f, 0x09, 0xdd, 0x8e, 0x2c, 0x92, 0xb1, 0xe9, 0x05, 0xc7, 0x93,
    0xd8, 0xf5, 0x7a, 0x54, 0xc3, 0xda, 0x25, 0x86, 0x1f, 0x10, 0xbf, 0x4c, 0xa6, 0x13, 0xe3, 0x84};

Result<void> test_xwing() noexcept {
  const auto key = LATCHKEY_TRY(xwing::DecapsulationKey::from_seed(kXWingSeed));
  const auto sent = LATCHKEY_TRY(derand::encapsulate(key.encapsulation_key(), kXWingRandomness));
  LATCHKEY_TRY(expect(sent.secret, kXWingSecret));
  const auto opened = LATCHKEY_TRY(key.decapsulate(sent.ciphertext));
  return expect(opened, kXWingSecret);
}

}  // namespace

Result<void> crypto_self_test() noexcept {
  LATCHKEY_TRY(test_xwing());
  for (const Sealed& known : kSealed) {
    if (const auto passed = test_aead(known); !passed) return passed;
  }
  return test_hkdf();
}

}  // namespace latchkey
