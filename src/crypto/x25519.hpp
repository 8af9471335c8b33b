// X25519 (RFC 7748), made by libcrypto.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <span>
#include <utility>

#include "latchkey/result.hpp"

namespace latchkey::crypto {

inline constexpr std::size_t kX25519Size = 32;  // of a secret, a public key and a result, in bytes

using X25519In = std::span<const std::uint8_t, kX25519Size>;
using X25519Out = std::span<std::uint8_t, kX25519Size>;

// A public key, or a secret one with its public key. libcrypto wipes a secret when it goes.
class X25519Key {
 public:
  // Errors: crypto_failed.
  [[nodiscard]] static Result<X25519Key> public_key(X25519In bytes) noexcept;
  // Computes the public key, too. Errors: crypto_failed.
  [[nodiscard]] static Result<X25519Key> secret_key(X25519In secret) noexcept;
  // The same where the public key is known: half the time. Errors: crypto_failed.
  [[nodiscard]] static Result<X25519Key> key_pair(X25519In secret, X25519In pub) noexcept;

  X25519Key() noexcept = default;
  X25519Key(X25519Key&& other) noexcept : key_(std::exchange(other.key_, nullptr)) {}
  X25519Key& operator=(X25519Key&& other) noexcept {
    std::swap(key_, other.key_);
    return *this;
  }
  ~X25519Key() { EVP_PKEY_free(key_); }

  // Errors: crypto_failed.
  [[nodiscard]] Result<void> write_public(X25519Out pub) const noexcept;

  // The result of section 6.1; zeroed on error. Errors: low_order, if it is all zeros, and
  // crypto_failed.
  [[nodiscard]] Result<void> agree(X25519Out result, const X25519Key& peer) const noexcept;

 private:
  explicit X25519Key(EVP_PKEY* key) noexcept : key_(key) {}
  [[nodiscard]] static Result<X25519Key> made(EVP_PKEY* key) noexcept;

  EVP_PKEY* key_ = nullptr;
};

}  // namespace latchkey::crypto
