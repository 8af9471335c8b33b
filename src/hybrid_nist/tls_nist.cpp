// SecP256r1MLKEM768 and SecP384r1MLKEM1024 (RFC 10024): the curve's half comes first everywhere.
#include "latchkey/tls_nist.hpp"

#include "api/access.hpp"
#include "base/stack.hpp"
#include "crypto/nist_curve.hpp"
#include "hybrid/tls_exchange.hpp"

namespace latchkey::tls {

using base::In;
using base::Out;
using crypto::Curve;

template <Group group>
struct NistHalves {
  using L = Layout<group>;
  static constexpr Curve kCurve = group == Group::secp256r1_mlkem768 ? Curve::p256 : Curve::p384;
  static constexpr std::size_t kScalar = crypto::scalar_size(kCurve);
  static constexpr std::size_t kPoint = crypto::point_size(kCurve);
  static_assert(kScalar == L::kCurve.scalar && kScalar == L::kCurve.secret &&
                kPoint == L::kCurve.share);

  static bool is_scalar(In<kScalar> scalar) noexcept {
    return crypto::is_valid_scalar(kCurve, scalar);
  }

  static Result<void> public_key(Out<kPoint> pub, In<kScalar> scalar) noexcept {
    return crypto::nist_public_key(kCurve, scalar, pub);
  }

  static Result<void> encapsulate(Out<L::kSizes.server> share, Out<L::kSizes.secret> secret,
                                  const MlKemEncapsulationKey<L::kSet>& pk_M, In<kPoint> pk_C,
                                  In<32 + kScalar> randomness) noexcept {
    const auto scalar = randomness.template last<kScalar>();
    LATCHKEY_TRY(
        crypto::nist_shared_secret(kCurve, scalar, pk_C, secret.template first<kScalar>()));
    auto done = crypto::nist_public_key(kCurve, scalar, share.template first<kPoint>());
    if (done) {
      const auto sent = derand::encapsulate(pk_M, randomness.template first<32>());
      done = sent ? copy(secret, sent->secret) : sent.error();
      if (done) base::copy(L::template mlkem_half<kPoint>(share), sent->ciphertext);
    }
    if (!done) base::wipe(secret.data(), secret.size());
    return done;
  }

  static Result<void> decapsulate(Out<L::kSizes.secret> secret,
                                  const MlKemDecapsulationKey<L::kSet>& sk_M, In<kScalar> scalar,
                                  In<L::kSizes.server> share) noexcept {
    LATCHKEY_TRY(crypto::nist_shared_secret(kCurve, scalar, share.template first<kPoint>(),
                                            secret.template first<kScalar>()));
    const auto opened = sk_M.decapsulate(L::template mlkem_half<kPoint>(share));
    const auto done = opened ? copy(secret, *opened) : opened.error();
    if (!done) base::wipe(secret.data(), secret.size());
    return done;
  }

 private:
  // Errors: purged.
  static Result<void> copy(Out<L::kSizes.secret> secret, const SharedSecret& secret_M) noexcept {
    const auto bytes = LATCHKEY_TRY(secret_M.expose());
    base::copy_secret(&secret[kScalar], bytes.data(), bytes.size());
    return SecretAccess::check_after_use(secret_M);
  }
};
template <>
struct Halves<Group::secp256r1_mlkem768> : NistHalves<Group::secp256r1_mlkem768> {};
template <>
struct Halves<Group::secp384r1_mlkem1024> : NistHalves<Group::secp384r1_mlkem1024> {};

}  // namespace latchkey::tls

LATCHKEY_TLS_GROUP(latchkey::tls::Group::secp256r1_mlkem768)
LATCHKEY_TLS_GROUP(latchkey::tls::Group::secp384r1_mlkem1024)
