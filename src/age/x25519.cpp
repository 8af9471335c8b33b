#include "age/x25519.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "base/wipe.hpp"
#include "crypto/aead.hpp"
#include "hybrid/x25519.hpp"

namespace latchkey::age {
namespace {

using base::Scrubbed;
using internal::Share;

constexpr std::string_view kX25519Label = "age-encryption.org/v1/X25519";
constexpr std::size_t kWrapKeySize = 32;  // of ChaCha20-Poly1305
static_assert(kX25519KeySize == hybrid::kSize);

// HKDF-SHA-256 of the shared secret, with the share and the public key as salt.
Result<void> derive_wrap_key(std::span<std::uint8_t, kWrapKeySize> key, View shared,
                             const Share& share, const Share& pub) noexcept {
  std::array<std::uint8_t, 2 * kX25519KeySize> salt;
  std::ranges::copy(pub, std::ranges::copy(share, salt.begin()).out);
  Scrubbed<std::array<std::uint8_t, crypto::kSha256Size>> root;
  LATCHKEY_TRY(crypto::hkdf_extract(*root, salt, {shared}));
  return crypto::hkdf_expand(key, *root, {bytes_of(kX25519Label)});
}

}  // namespace

Result<X25519Identity> X25519Access::make(LockedBuffer secret) noexcept {
  Result<X25519Identity> identity(std::in_place);
  LATCHKEY_TRY(secret.read([&](View bytes) noexcept {
    hybrid::public_key(identity->public_, bytes.first<kX25519KeySize>());
  }));
  identity->secret_ = std::move(secret);
  return identity;
}

Result<LockedBuffer> internal::unwrap_by_x25519(const Stanza& stanza,
                                                const X25519Identity& identity) noexcept {
  const auto share = LATCHKEY_TRY(share_of(stanza));
  const auto& pub = X25519Access::public_key(identity);
  Scrubbed<std::array<std::uint8_t, kX25519KeySize>> shared;
  LATCHKEY_TRY(X25519Access::secret(identity).read([&](View secret) noexcept {
    return hybrid::agree(*shared, secret.first<kX25519KeySize>(), share);
  }));
  Scrubbed<std::array<std::uint8_t, kWrapKeySize>> key;
  LATCHKEY_TRY(derive_wrap_key(*key, *shared, share, pub));
  auto file_key = LATCHKEY_TRY(LockedBuffer::create(kFileKeySize));
  const std::array<std::uint8_t, crypto::kNonceSize> nonce{};
  LATCHKEY_TRY(file_key.write([&](std::span<std::uint8_t> to) noexcept {
    return crypto::aead_open(to, hpke::Aead::chacha20_poly1305, *key, nonce, stanza.body, {});
  }));
  return file_key;
}

}  // namespace latchkey::age
