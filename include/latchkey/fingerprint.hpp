// Fingerprints: a short text by which people compare public keys, over the phone for example.
//
//   auto mine = latchkey::fingerprint(key->encapsulation_key());
//   if (mine) show(mine->text());   // SHA256:wj4j3T1IWpJWzaCTWKSihuALNz2xB2Hq35n3EGScoxw
//
// It is SHA-256 of the key's SubjectPublicKeyInfo in DER (RFC 5280, section 4.1, RFC 9935), in
// Base64 (RFC 4648) without padding, the notation of `ssh-keygen -l`. Compare all of it: two keys
// with the same fingerprint are a collision of SHA-256, but a key whose fingerprint is the same in
// a few characters only is quickly made. In the library latchkey-seal. Thread-safe.
#pragma once

#include <string_view>

#include "latchkey/export.h"
#include "latchkey/mlkem.hpp"
#include "latchkey/xwing.hpp"

namespace latchkey {
struct FingerprintAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey {

// The fingerprint of one public key.
class Fingerprint {
 public:
  static constexpr std::size_t kDigestSize = 32;  // bytes
  static constexpr std::size_t kTextSize = 50;    // characters

  // "SHA256:" and 43 characters, which live as long as this object.
  [[nodiscard]] std::string_view text() const& noexcept LATCHKEY_LIFETIMEBOUND {
    return {text_.data(), text_.size()};
  }
  std::string_view text() const&& = delete;

  // The digest itself, for programs.
  [[nodiscard]] std::array<std::uint8_t, kDigestSize> digest() const noexcept { return digest_; }

 private:
  friend struct FingerprintAccess;

  std::array<std::uint8_t, kDigestSize> digest_{};
  std::array<char, kTextSize> text_{};
};

// The fingerprint of a key. Errors: moved_from, crypto_failed.
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<Fingerprint> fingerprint(
    const MlKemEncapsulationKey<set>& key) noexcept;
[[nodiscard]] Result<Fingerprint> fingerprint(const xwing::EncapsulationKey& key) noexcept;

}  // namespace latchkey

LATCHKEY_API_END
