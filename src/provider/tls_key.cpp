#include "provider/tls_key.hpp"

#include "api/access.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "hybrid/hybrid.hpp"
#include "hybrid/tls_layout.hpp"
#include "memory/entropy.hpp"
#include "provider/low_order.hpp"

namespace latchkey::provider {
namespace {

template <std::size_t N>
using Randomness = base::Scrubbed<std::array<std::uint8_t, N>>;

constexpr crypto::Curve curve_of(Group group) noexcept {
  return group == Group::secp256r1_mlkem768 ? crypto::Curve::p256 : crypto::Curve::p384;
}

// Copies the 32 bytes of a secret. Errors: purged.
Result<void> copy(std::span<std::uint8_t, kSharedSecretSize> to,
                  const SharedSecret& from) noexcept {
  const OpenSecrets open;
  const auto bytes = LATCHKEY_TRY(from.expose());
  base::copy_secret(to.data(), bytes.data(), bytes.size());
  return SecretAccess::check_after_use(from);
}

// d || z, and the scalar of X25519.
template <Group group>
constexpr std::size_t kClientRandomness = 64 + (group == Group::x25519_mlkem768 ? 32 : 0);

// The client's key of ML-KEM, from its randomness.
template <Group group>
auto mlkem_key(const Randomness<kClientRandomness<group>>& randomness) noexcept {
  const std::span all(*randomness);
  return derand::keygen<tls::mlkem_of(group)>(all.template first<32>(),
                                              all.template subspan<32, 32>());
}

}  // namespace

template <Group group>
Result<void> TlsKey<group>::generate() noexcept {
  if (has_public_) return Error::unknown_value;
  Randomness<kClientRandomness<group>> randomness;
  LATCHKEY_TRY(origin_.draw());
  LATCHKEY_TRY(origin_.derive(*randomness));
  const auto key = LATCHKEY_TRY(mlkem_key<group>(randomness));
  const std::span share(share_);
  base::copy(tls::Layout<group>::template mlkem_half<kCurve.share>(share),
             key.encapsulation_key().bytes().template first<kPublicSize - kCurve.share>());
  const auto curve_share = tls::Layout<group>::template curve_half<kCurve.share>(share);
  if constexpr (kHasNist) {
    curve_ = LATCHKEY_TRY(NistKey::generate(context_.child, curve_of(group)));
    LATCHKEY_TRY(curve_.public_key(curve_share));
  } else if constexpr (kCurve.share != 0) {
    hybrid::public_key(curve_share, std::span(*randomness).template last<32>());
  }
  has_public_ = true;
  return {};
}

template <Group group>
Result<void> TlsKey<group>::set_public(View share) noexcept {
  if (has_public_) return Error::unknown_value;
  if (share.size() != kPublicSize) return Error::encapsulation_key_length;
  const auto whole = share.first<kPublicSize>();
  const auto curve_share = tls::Layout<group>::template curve_half<kCurve.share>(whole);
  if constexpr (kHasNist) {
    curve_ = LATCHKEY_TRY(NistKey::parse(context_.child, curve_of(group), curve_share));
  } else if constexpr (kCurve.share != 0) {
    if (is_low_order_vartime(curve_share)) return Error::low_order;
  }
  peer_ = LATCHKEY_TRY(MlKemEncapsulationKey<kSet>::parse(
      tls::Layout<group>::template mlkem_half<kCurve.share>(whole)));
  base::copy(std::span(share_), whole);
  has_public_ = true;
  return {};
}

template <Group group>
template <class F>
Result<void> TlsKey<group>::with_own_share(F f) const noexcept {
  const auto ours = LATCHKEY_TRY(MlKemEncapsulationKey<kSet>::parse(
      tls::Layout<group>::template mlkem_half<kCurve.share>(std::span(share_))));
  return f(ours);
}

template <Group group>
Result<void> TlsKey<group>::encapsulate(std::span<std::uint8_t, kCiphertextSize> share,
                                        std::span<std::uint8_t, kSecretSize> secret,
                                        View) const noexcept {
  using L = tls::Layout<group>;
  const auto compute = [&](const MlKemEncapsulationKey<kSet>& peer) noexcept -> Result<void> {
    if constexpr (group == Group::x25519_mlkem768) {
      Randomness<hybrid::kHybridRandomnessSize> randomness;
      if (!memory::random_bytes(*randomness)) return Error::no_entropy;
      return hybrid::encapsulate_both(share, secret, peer,
                                      L::template curve_half<kCurve.share>(std::span(share_)),
                                      *randomness);
    } else {
      const auto sent = LATCHKEY_TRY(peer.encapsulate());
      base::copy(L::template mlkem_half<kCurve.share>(share), std::span(sent.ciphertext));
      if constexpr (kHasNist) {
        const auto ours = LATCHKEY_TRY(NistKey::generate(context_.child, curve_of(group)));
        LATCHKEY_TRY(ours.public_key(L::template curve_half<kCurve.share>(share)));
        LATCHKEY_TRY(ours.shared_secret(context_.child, curve_,
                                        L::template curve_half<kCurve.secret>(secret)));
      }
      return copy(L::template mlkem_half<kCurve.secret>(secret), sent.secret);
    }
  };
  // A key that was made here keeps no precomputed public key.
  const auto done = has_private() ? with_own_share(compute) : compute(peer_);
  if (!done) base::wipe(secret.data(), secret.size());
  return done;
}

template <Group group>
Result<void> TlsKey<group>::decapsulate(std::span<std::uint8_t, kSecretSize> secret,
                                        View share) const noexcept {
  using L = tls::Layout<group>;
  const auto compute = [&]() noexcept -> Result<void> {
    if (share.size() != kCiphertextSize) return Error::ciphertext_length;
    const auto whole = share.first<kCiphertextSize>();
    Randomness<kClientRandomness<group>> randomness;
    LATCHKEY_TRY(origin_.derive(*randomness));
    const auto key = LATCHKEY_TRY(mlkem_key<group>(randomness));
    if constexpr (group == Group::x25519_mlkem768) {
      return hybrid::decapsulate_both(secret, key, std::span(*randomness).template last<32>(),
                                      whole);
    } else {
      if constexpr (kHasNist) {
        const auto peer = LATCHKEY_TRY(NistKey::parse(context_.child, curve_of(group),
                                                      L::template curve_half<kCurve.share>(whole)));
        LATCHKEY_TRY(curve_.shared_secret(context_.child, peer,
                                          L::template curve_half<kCurve.secret>(secret)));
      }
      const auto opened =
          LATCHKEY_TRY(key.decapsulate(L::template mlkem_half<kCurve.share>(whole)));
      return copy(L::template mlkem_half<kCurve.secret>(secret), opened);
    }
  };
  const auto done = compute();
  if (!done) base::wipe(secret.data(), secret.size());
  return done;
}

template class TlsKey<Group::mlkem512>;
template class TlsKey<Group::mlkem768>;
template class TlsKey<Group::mlkem1024>;
template class TlsKey<Group::x25519_mlkem768>;
template class TlsKey<Group::secp256r1_mlkem768>;
template class TlsKey<Group::secp384r1_mlkem1024>;

}  // namespace latchkey::provider
