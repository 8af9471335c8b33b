// Session keys that commit to everything they came from: the shared secret, the ciphertext, the
// encapsulation key and what the caller says of the context. In the library latchkey-seal.
//
//   auto keys = latchkey::SessionKeys::bind(*secret, key, ciphertext, transcript);  // both sides
//   auto sending = keys->derive("client to server", 32);
//   auto receiving = keys->derive("server to client", 32);
//
// A KEM's secret alone need not be bound to its ciphertext or key: with a crafted private key two
// ciphertexts or two keys can share one secret, and whoever takes "we have the same secret" for "we
// had the same exchange" is deceived (docs/holding-kems.md). Keys from bind() are equal only where
// all of it is, or SHA-256 (SHAKE256) is broken: proofs/Sealing.v.
#pragma once

#include <string_view>

#include "latchkey/bytes.hpp"
#include "latchkey/export.h"
#include "latchkey/kem.hpp"

LATCHKEY_API_BEGIN

namespace latchkey {

// The hash behind it. Different ones give unrelated keys.
enum class BindingKdf : std::uint8_t { hkdf_sha256 = 1, shake256 = 2 };

// Where session keys come from, in locked memory. `const` functions may run in many threads.
class SessionKeys {
 public:
  // From all that both sides know. With lp(x) for x behind its length as eight bytes, the most
  // significant first:
  //
  //   input = "latchkey-bind-v1" || kdf || lp(secret) || lp(ciphertext) || lp(ek) || lp(context)
  //   HKDF-SHA256 (kdf = 1): root = HKDF-Extract("", input)
  //                          key = HKDF-Expand(root, "latchkey-bind-v1" || lp(label) || size, size)
  //   SHAKE256 (kdf = 2):    root = SHAKE256(input, 64)
  //                          key = SHAKE256(lp(root) || "latchkey-bind-v1" || lp(label) || size,
  //                          size)
  //
  // where kdf is one byte, and size eight. `key` is that of the side that decapsulates, from its
  // DecapsulationKey or parsed. Errors: ciphertext_length, moved_from, crypto_failed;
  // unknown_version, if kdf is neither.
  template <MlKem set>
  [[nodiscard]] LATCHKEY_API static Result<SessionKeys> bind(
      const SharedSecret& secret, const MlKemEncapsulationKey<set>& key,
      std::span<const std::uint8_t> ciphertext, std::span<const std::uint8_t> context,
      BindingKdf kdf = BindingKdf::hkdf_sha256) noexcept;
  [[nodiscard]] static Result<SessionKeys> bind(const SharedSecret& secret,
                                                const xwing::EncapsulationKey& key,
                                                std::span<const std::uint8_t> ciphertext,
                                                std::span<const std::uint8_t> context,
                                                BindingKdf kdf = BindingKdf::hkdf_sha256) noexcept;

  // The key of that label, `size` bytes. Another label or size gives an unrelated key.
  // Errors: too_long, for HKDF-SHA256 beyond 8,160 bytes; moved_from, crypto_failed.
  [[nodiscard]] Result<LockedBuffer> derive(std::string_view label,
                                            std::size_t size) const noexcept;

 private:
  friend struct BindingAccess;

  LockedBuffer root_;
  BindingKdf kdf_{};
};

}  // namespace latchkey

LATCHKEY_API_END
