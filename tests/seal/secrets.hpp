// The secrets of the sealing layer, in the forms that it and libcrypto have them in.
#pragma once

#include "hpke/hpke.hpp"
#include "latchkey/kem.hpp"
#include "scrub/finder.hpp"

namespace latchkey::test {

class SealSecrets {
 public:
  void add(const char* name, View bytes);
  // Of what is used as a key of HMAC-SHA256 (RFC 2104), also the key on either pad, and the states
  // of SHA-256 behind those, of which each use of the key can be made.
  void add_hmac_key(const char* name, View key);
  // Also what the AEAD makes of its key: that of Poly1305, or of GHASH.
  void add_aead_key(hpke::Aead aead, View key, View nonce);

  // Of 32 bytes, also the keys of its rounds.
  void add_aes_key(View key);

  // sk and what it is expanded to, by X-Wing.
  void add_xwing_key(View sk);
  // What both sides of X-Wing have of an exchange.
  void add_xwing_exchange(View sk, const xwing::Ciphertext& ciphertext);
  // What is made of a KEM's secret by HPKE.
  void add_schedule(const hpke::internal::Context& context, std::uint16_t kem_id,
                    const SharedSecret& shared_secret, const hpke::Parameters& parameters);

  [[nodiscard]] const std::vector<Secret>& all() const { return secrets_; }

 private:
  std::vector<Secret> secrets_;
};

Bytes hmac_sha256(View key, View data);

}  // namespace latchkey::test
