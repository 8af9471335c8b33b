// X25519 by OpenSSL: one that is not ours.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>

namespace latchkey::test::openssl {

using X25519 = std::array<std::uint8_t, 32>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

inline Key x25519_secret(std::span<const std::uint8_t> secret) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret.data(), 32), EVP_PKEY_free);
  if (!key) throw std::runtime_error("OpenSSL takes no key");
  return key;
}

inline X25519 x25519_public(std::span<const std::uint8_t> secret) {
  X25519 pub;
  std::size_t size = pub.size();
  if (EVP_PKEY_get_raw_public_key(x25519_secret(secret).get(), pub.data(), &size) != 1) {
    throw std::runtime_error("OpenSSL makes no public key");
  }
  return pub;
}

// Zeros where OpenSSL refuses, as it does for zeros.
inline X25519 x25519_shared(std::span<const std::uint8_t> secret,
                            std::span<const std::uint8_t> peer) {
  const Key own = x25519_secret(secret);
  const Key other(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, peer.data(), 32),
                  EVP_PKEY_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(own.get(), nullptr), EVP_PKEY_CTX_free);
  if (!other || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), other.get()) != 1) {
    throw std::runtime_error("OpenSSL takes no peer");
  }
  X25519 shared;
  std::size_t size = shared.size();
  if (EVP_PKEY_derive(context.get(), shared.data(), &size) != 1) return {};
  return shared;
}

}  // namespace latchkey::test::openssl
