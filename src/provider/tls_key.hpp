// A key of a TLS group: a client's, or what a server knows of one. It is made for one connection
// and never stored.
//
// On a server, set_public() checks all that can be wrong with a client's share, so that libssl
// answers with the alert illegal_parameter; what fails later becomes internal_error.
#pragma once

#include "latchkey/derand.hpp"
#include "latchkey/tls_nist.hpp"
#include "provider/context.hpp"
#include "provider/ephemeral.hpp"
#include "provider/groups.hpp"
#include "provider/nist_key.hpp"

namespace latchkey::provider {

template <Group group>
class TlsKey {
 public:
  static constexpr MlKem kSet = tls::mlkem_of(group);
  static constexpr tls::ShareSizes kSizes = tls::sizes_of(group);
  static constexpr tls::CurveSizes kCurve = tls::curve_sizes_of(group);
  static constexpr const GroupRow& kRow = kGroups[index_of(group)];
  static constexpr const char* kNames = kRow.algorithm;
  static constexpr bool kIsEphemeral = true;

  // Sizes in bytes, and in bits where the name says so.
  static constexpr std::size_t kPublicSize = kSizes.client;
  static constexpr std::size_t kCiphertextSize = kSizes.server;
  static constexpr std::size_t kSecretSize = kSizes.secret;
  static constexpr std::size_t kSeedSize = 0;  // none is imported
  static constexpr std::size_t kIkmeSize = 0;  // libssl encapsulates with fresh randomness alone
  static constexpr unsigned kBits = static_cast<unsigned>(kSet);
  static constexpr unsigned kSecurityBits = kRow.security_bits;

  explicit TlsKey(const Context& context) noexcept : context_(context) {}

  [[nodiscard]] const Context& context() const noexcept { return context_; }
  [[nodiscard]] bool has_public() const noexcept { return has_public_; }
  [[nodiscard]] bool has_private() const noexcept { return origin_.is_drawn(); }
  // The client's share. Empty if there is none.
  [[nodiscard]] View public_bytes() const noexcept { return has_public_ ? View(share_) : View(); }

  // A client's fresh key. Errors: no_entropy, crypto_failed, those on memory.
  [[nodiscard]] Result<void> generate() noexcept;
  // A peer's share, in a key that has none. Errors: encapsulation_key_length, not_reduced,
  // low_order, bad_point.
  [[nodiscard]] Result<void> set_public(View share) noexcept;

  // The server's share and the secret. `secret` is zeroed on error.
  [[nodiscard]] Result<void> encapsulate(std::span<std::uint8_t, kCiphertextSize> share,
                                         std::span<std::uint8_t, kSecretSize> secret,
                                         View) const noexcept;
  // The secret from the server's share. Errors: ciphertext_length, low_order, bad_point,
  // moved_from, inherited, purged. `secret` is zeroed on error.
  [[nodiscard]] Result<void> decapsulate(std::span<std::uint8_t, kSecretSize> secret,
                                         View share) const noexcept;

 private:
  static constexpr bool kHasNist = kCurve.share > 32;

  template <class F>
  Result<void> with_own_share(F f) const noexcept;

  const Context& context_;
  bool has_public_ = false;
  std::array<std::uint8_t, kPublicSize> share_{};
  MlKemEncapsulationKey<kSet> peer_;  // of a peer's share
  NistKey curve_;                     // the peer's key on P-256 or P-384, or our own pair
  Origin origin_;                     // of a client's private key
};

extern template class TlsKey<Group::mlkem512>;
extern template class TlsKey<Group::mlkem768>;
extern template class TlsKey<Group::mlkem1024>;
extern template class TlsKey<Group::x25519_mlkem768>;
extern template class TlsKey<Group::secp256r1_mlkem768>;
extern template class TlsKey<Group::secp384r1_mlkem1024>;

}  // namespace latchkey::provider
