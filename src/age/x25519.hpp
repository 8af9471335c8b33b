// The file key under a classic recipient: X25519, HKDF-SHA-256, and ChaCha20-Poly1305 with a nonce
// of zeros (https://c2sp.org/age, "The X25519 recipient type").
#pragma once

#include "age/header.hpp"

namespace latchkey::age {

// The private parts of X25519Identity.
struct X25519Access {
  // Computes the public key, too. Errors: crypto_failed.
  static Result<X25519Identity> make(LockedBuffer secret) noexcept;
  static const LockedBuffer& secret(const X25519Identity& identity) noexcept {
    return identity.secret_;
  }
  static const std::array<std::uint8_t, kX25519KeySize>& public_key(
      const X25519Identity& identity) noexcept {
    return identity.public_;
  }
};

namespace internal {

// `stanza` is of kind x25519. Errors: not_authentic, if it is for another key; low_order, if no
// honest sender made it; moved_from, no_memory, crypto_failed.
[[nodiscard]] Result<LockedBuffer> unwrap_by_x25519(const Stanza& stanza,
                                                    const X25519Identity& identity) noexcept;

}  // namespace internal
}  // namespace latchkey::age
