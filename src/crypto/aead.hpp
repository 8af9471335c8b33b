// Authenticated encryption with associated data (RFC 5116), made by libcrypto.
#pragma once

#include <initializer_list>

#include "base/bytes.hpp"
#include "latchkey/hpke.hpp"

namespace latchkey::crypto {

inline constexpr std::size_t kNonceSize = 12;  // bytes, of all three
inline constexpr std::size_t kTagSize = hpke::kTagSize;
inline constexpr std::size_t kMaxKeySize = 32;

// In bytes; 0 for the export-only AEAD and for a number that stands for none.
[[nodiscard]] constexpr std::size_t key_size(hpke::Aead aead) noexcept {
  switch (aead) {
    case hpke::Aead::aes_128_gcm:
      return 16;
    case hpke::Aead::aes_256_gcm:
    case hpke::Aead::chacha20_poly1305:
      return 32;
    case hpke::Aead::export_only:
      break;
  }
  return 0;
}
[[nodiscard]] constexpr std::size_t nonce_size(hpke::Aead aead) noexcept {
  return key_size(aead) == 0 ? 0 : kNonceSize;
}

// The longest message, in bytes (RFC 5116, sections 5.1 and 5.2; RFC 8439, section 2.8). Behind it
// the counter of blocks would begin anew.
[[nodiscard]] constexpr std::uint64_t max_message(hpke::Aead aead) noexcept {
  return aead == hpke::Aead::chacha20_poly1305 ? (std::uint64_t{1} << 38) - 64
                                               : (std::uint64_t{1} << 36) - 32;
}

// The associated data is that of the parts together. An output may begin where its input does.

// ciphertext || tag; `box` has kTagSize bytes more than the message, and is zeroed on error.
// Errors: too_long, crypto_failed.
[[nodiscard]] Result<void> aead_seal(std::span<std::uint8_t> box, hpke::Aead aead, View key,
                                     std::span<const std::uint8_t, kNonceSize> nonce, View message,
                                     Parts aad) noexcept;

// Nothing is released before the tag is checked: `message` has kTagSize bytes less than the box,
// and is zeroed on error. Errors: too_long, not_authentic, crypto_failed.
[[nodiscard]] Result<void> aead_open(std::span<std::uint8_t> message, hpke::Aead aead, View key,
                                     std::span<const std::uint8_t, kNonceSize> nonce, View box,
                                     Parts aad) noexcept;

}  // namespace latchkey::crypto
