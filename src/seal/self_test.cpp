// Known answers of what the sealing layer gets from libcrypto, for a user who wants
// to know that this build works on this machine, with its libcrypto and its configuration.

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/nist_curve.hpp"
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

// RFC 5869, appendix A.1: 42 bytes with SHA-256, and of the same inputs with SHA-384.
constexpr std::uint8_t kHkdfSha256[] = {
    0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a, 0x90, 0x43, 0x4f, 0x64, 0xd0, 0x36,
    0x2f, 0x2a, 0x2d, 0x2d, 0x0a, 0x90, 0xcf, 0x1a, 0x5a, 0x4c, 0x5d, 0xb0, 0x2d, 0x56,
    0xec, 0xc4, 0xc5, 0xbf, 0x34, 0x00, 0x72, 0x08, 0xd5, 0xb8, 0x87, 0x18, 0x58, 0x65};
constexpr std::uint8_t kHkdfSha384[] = {
    0x9b, 0x50, 0x97, 0xa8, 0x60, 0x38, 0xb8, 0x05, 0x30, 0x90, 0x76, 0xa4, 0x4b, 0x3a,
    0x9f, 0x38, 0x06, 0x3e, 0x25, 0xb5, 0x16, 0xdc, 0xbf, 0x36, 0x9f, 0x39, 0x4c, 0xfa,
    0xb4, 0x36, 0x85, 0xf7, 0x48, 0xb6, 0x45, 0x77, 0x63, 0xe4, 0xf0, 0x20, 0x4f, 0xc5};

template <crypto::Hash hash>
Result<void> test_hkdf(View expected) noexcept {
  std::array<std::uint8_t, 22> input;
  input.fill(0x0b);
  constexpr auto salt = bytes_from<13>(0x00);
  constexpr auto info = bytes_from<10>(0xf0);
  std::array<std::uint8_t, crypto::kDigestSize<hash>> root;
  std::array<std::uint8_t, sizeof kHkdfSha256> key;
  LATCHKEY_TRY(crypto::hkdf_extract<hash>(root, salt, {input}));
  LATCHKEY_TRY(crypto::hkdf_expand<hash>(key, root, {info}));
  return expect(key, expected);
}

// The scalar 01 02 .. with its own public key. kat/own/nist_curve.py has the same.
constexpr std::uint8_t kSharedOfP256[] = {
    0xb4, 0xf1, 0xfc, 0xce, 0x40, 0x73, 0x5f, 0x83, 0x6a, 0xf8, 0xd6, 0x31, 0x2d, 0x24, 0x8d, 0x1a,
    0x83, 0x48, 0x40, 0x56, 0x69, 0xa1, 0x95, 0xfa, 0xc5, 0x35, 0x04, 0x06, 0xba, 0x76, 0xbc, 0xce};
constexpr std::uint8_t kSharedOfP384[] = {
    0x2e, 0x90, 0x3b, 0xc4, 0xa5, 0x18, 0x4d, 0x96, 0x40, 0x16, 0x97, 0x8a, 0x28, 0x78, 0x1b, 0xf5,
    0x63, 0xeb, 0xf1, 0x70, 0x81, 0xe5, 0xd9, 0x07, 0xd0, 0x3f, 0x0f, 0x95, 0x9b, 0xa8, 0x3a, 0xd6,
    0x8e, 0xc1, 0x95, 0x63, 0xd6, 0x31, 0x44, 0xf3, 0x36, 0x20, 0x82, 0xf7, 0xdc, 0x2a, 0x89, 0x52};

template <crypto::Curve curve>
Result<void> test_curve(View expected) noexcept {
  constexpr auto scalar = bytes_from<crypto::scalar_size(curve)>(0x01);
  std::array<std::uint8_t, crypto::point_size(curve)> point;
  std::array<std::uint8_t, crypto::scalar_size(curve)> shared;
  LATCHKEY_TRY(crypto::nist_public_key(curve, scalar, point));
  LATCHKEY_TRY(crypto::nist_check_point_vartime(curve, point));
  LATCHKEY_TRY(crypto::nist_shared_secret(curve, scalar, point, shared));
  LATCHKEY_TRY(expect(shared, expected));
  point.back() ^= 1;
  const auto refused = crypto::nist_shared_secret(curve, scalar, point, shared);
  if (refused) return Error::self_test_failed;
  return refused.error() == Error::bad_point ? Result<void>() : refused;
}

}  // namespace

Result<void> crypto_self_test() noexcept {
  for (const Sealed& known : kSealed) {
    if (const auto passed = test_aead(known); !passed) return passed;
  }
  LATCHKEY_TRY(test_hkdf<crypto::Hash::sha256>(kHkdfSha256));
  LATCHKEY_TRY(test_hkdf<crypto::Hash::sha384>(kHkdfSha384));
  LATCHKEY_TRY(test_curve<crypto::Curve::p256>(kSharedOfP256));
  return test_curve<crypto::Curve::p384>(kSharedOfP384);
}

}  // namespace latchkey
