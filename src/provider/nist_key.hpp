// The half of a TLS group that is a key on P-256 or P-384, by the program's own providers through a
// child of its library context: their fastest multiplication, and its policies. Such a key is on
// libcrypto's heap, as those of its own TLS groups are.
#pragma once

#include <openssl/evp.h>

#include <span>
#include <utility>

#include "base/bytes.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/nist_curve.hpp"

namespace latchkey::provider {

class NistKey {
 public:
  // A fresh pair. Errors: crypto_failed.
  [[nodiscard]] static Result<NistKey> generate(OSSL_LIB_CTX* library,
                                                crypto::Curve curve) noexcept;
  // A peer's public key. Errors: bad_point, unless it is an uncompressed point on the curve.
  [[nodiscard]] static Result<NistKey> parse(OSSL_LIB_CTX* library, crypto::Curve curve,
                                             View point) noexcept;

  NistKey() noexcept = default;

  // The uncompressed point; out has point_size(curve) bytes. Errors: crypto_failed.
  [[nodiscard]] Result<void> public_key(std::span<std::uint8_t> out) const noexcept;
  // The x of our private and a peer's public key's product; out has scalar_size(curve) bytes.
  // Zeroed on error. Errors: crypto_failed.
  [[nodiscard]] Result<void> shared_secret(OSSL_LIB_CTX* library, const NistKey& peer,
                                           std::span<std::uint8_t> out) const noexcept;

 private:
  crypto::Owned<EVP_PKEY, EVP_PKEY_free> key_;
};

}  // namespace latchkey::provider
