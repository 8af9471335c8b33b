// The TLS groups that do not need libcrypto: X25519MLKEM768 (RFC 10024), in which ML-KEM-768's half
// comes first everywhere, unlike in the name; and ML-KEM alone (draft-ietf-tls-mlkem).
#include "latchkey/tls.hpp"

#include "api/access.hpp"
#include "hybrid/hybrid.hpp"
#include "hybrid/tls_exchange.hpp"

namespace latchkey::tls {

using base::In;
using base::Out;
using hybrid::kSize;

static_assert(
    sizes_of(Group::x25519_mlkem768).client == kClientShareSize &&
    sizes_of(Group::x25519_mlkem768).server == kServerShareSize &&
    sizes_of(Group::x25519_mlkem768).secret == kSecretSize &&
    kClientShareSize == hybrid::kHybridKeySize &&
    kServerShareSize == hybrid::kHybridCiphertextSize && kSecretSize == hybrid::kHybridSecretSize &&
    ExchangeAccess::Client<Group::x25519_mlkem768>::extent == derand::kTlsClientRandomnessSize &&
    ExchangeAccess::Server<Group::x25519_mlkem768>::extent == derand::kTlsServerRandomnessSize &&
    static_cast<std::uint16_t>(Group::x25519_mlkem768) == kX25519MlKem768);

template <>
struct Halves<Group::x25519_mlkem768> {
  static bool is_scalar(In<kSize>) noexcept { return true; }

  static Result<void> public_key(Out<kSize> pub, In<kSize> scalar) noexcept {
    hybrid::public_key(pub, scalar);
    return {};
  }

  static Result<void> encapsulate(Out<kServerShareSize> share, Out<kSecretSize> secret,
                                  const EncapsulationKey& pk_M, In<kSize> pk_C,
                                  In<hybrid::kHybridRandomnessSize> randomness) noexcept {
    return hybrid::encapsulate_both(share, secret, pk_M, pk_C, randomness);
  }

  static Result<void> decapsulate(Out<kSecretSize> secret, const DecapsulationKey& sk_M,
                                  In<kSize> scalar, In<kServerShareSize> share) noexcept {
    return hybrid::decapsulate_both(secret, sk_M, scalar, share);
  }
};

// ML-KEM alone: the curve's half is empty.
template <Group group>
struct MlKemAlone {
  static constexpr MlKem kSet = mlkem_of(group);
  static constexpr std::size_t kShare = sizes_of(group).server;

  static bool is_scalar(In<0>) noexcept { return true; }

  static Result<void> public_key(Out<0>, In<0>) noexcept { return {}; }

  static Result<void> encapsulate(Out<kShare> share, Out<kSharedSecretSize> secret,
                                  const MlKemEncapsulationKey<kSet>& pk_M, In<0>,
                                  In<32> m) noexcept {
    kem_table<kSet>().encaps(share, secret, SecretAccess::precomputed(pk_M)->key, m);
    base::declassify(share.data(), share.size());  // it is sent in the clear
    return {};
  }

  static Result<void> decapsulate(Out<kSharedSecretSize> secret,
                                  const MlKemDecapsulationKey<kSet>& sk_M, In<0>,
                                  In<kShare> share) noexcept {
    const auto secret_M = LATCHKEY_TRY(SecretAccess::secret_key(sk_M));
    kem_table<kSet>().decaps(secret, SecretAccess::precomputed(sk_M.encapsulation_key())->key,
                             *secret_M, share);
    const auto still = SecretAccess::check_after_use(sk_M);
    if (!still) base::wipe(secret.data(), secret.size());
    return still;
  }
};
template <>
struct Halves<Group::mlkem512> : MlKemAlone<Group::mlkem512> {};
template <>
struct Halves<Group::mlkem768> : MlKemAlone<Group::mlkem768> {};
template <>
struct Halves<Group::mlkem1024> : MlKemAlone<Group::mlkem1024> {};

}  // namespace latchkey::tls

LATCHKEY_TLS_GROUP(latchkey::tls::Group::mlkem512)
LATCHKEY_TLS_GROUP(latchkey::tls::Group::mlkem768)
LATCHKEY_TLS_GROUP(latchkey::tls::Group::mlkem1024)
LATCHKEY_TLS_GROUP(latchkey::tls::Group::x25519_mlkem768)
