// Known answers of what the sealing layer gets from libcrypto, for a user who wants
// to know that this build works on this machine, with its libcrypto and its configuration.

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
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

}  // namespace

Result<void> crypto_self_test() noexcept {
  for (const Sealed& known : kSealed) {
    if (const auto passed = test_aead(known); !passed) return passed;
  }
  return test_hkdf();
}

}  // namespace latchkey
