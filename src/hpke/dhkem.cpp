// The classical KEMs of HPKE (RFC 9180, sections 4.1 and 7.1): X25519 is ours, P-256 libcrypto's.
#include "hpke/dhkem.hpp"

#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/wipe.hpp"
#include "crypto/nist_curve.hpp"
#include "hpke/labeled.hpp"
#include "hybrid/x25519.hpp"
#include "latchkey/derand_seal.hpp"
#include "memory/entropy.hpp"

namespace latchkey::hpke {
namespace {

using base::In;
using base::Out;
using base::Scrubbed;
using crypto::Curve;
using crypto::Hash;

constexpr std::size_t kSecretSize = 32;  // Nsk, Ndh and Nsecret of both, in bytes

// A group: public_key() of a secret that is_secret(), and agree() of such a secret and the public
// key of a peer, which check_public_key() lets pass. Errors: bad_point or low_order; those of
// libcrypto.
template <DhGroup group>
struct Group;

template <>
struct Group<DhGroup::p256> {
  static constexpr std::size_t kSize = element_size(DhGroup::p256);
  static bool is_secret(In<kSecretSize> sk) noexcept {
    return crypto::is_valid_scalar(Curve::p256, sk);
  }
  static Result<void> check_public_key(View pk) noexcept {
    return crypto::nist_check_point_vartime(Curve::p256, pk);
  }
  static Result<void> public_key(Out<kSize> pk, In<kSecretSize> sk) noexcept {
    return crypto::nist_public_key(Curve::p256, sk, pk);
  }
  static Result<void> agree(Out<kSecretSize> dh, In<kSecretSize> sk, In<kSize> pk) noexcept {
    return crypto::nist_shared_secret(Curve::p256, sk, pk, dh);
  }
};

template <>
struct Group<DhGroup::x25519> {
  static constexpr std::size_t kSize = element_size(DhGroup::x25519);
  static bool is_secret(In<kSecretSize>) noexcept { return true; }
  static Result<void> check_public_key(View) noexcept { return {}; }
  static Result<void> public_key(Out<kSize> pk, In<kSecretSize> sk) noexcept {
    hybrid::public_key(pk, sk);
    return {};
  }
  static Result<void> agree(Out<kSecretSize> dh, In<kSecretSize> sk, In<kSize> pk) noexcept {
    return hybrid::agree(dh, sk, pk);
  }
};

template <DhGroup group>
constexpr std::array<std::uint8_t, 5> kSuiteId{'K', 'E', 'M', static_cast<std::uint8_t>(group) >> 8,
                                               static_cast<std::uint8_t>(group)};
// In whole bytes, of which the first is zero.
static_assert(static_cast<std::uint16_t>(DhGroup::p256) < 256 &&
              static_cast<std::uint16_t>(DhGroup::x25519) < 256);

// The shared secret of `sk` and the peer's `pk`: ExtractAndExpand() of section 4.1, with enc and
// the receiver's public key as context. Errors: those of Group::agree(), of HKDF and on memory.
template <DhGroup group>
Result<SharedSecret> agree(In<kSecretSize> sk, In<Group<group>::kSize> pk,
                           In<Group<group>::kSize> enc, In<Group<group>::kSize> pk_R) noexcept {
  const OpenSecrets open;
  Scrubbed<std::array<std::uint8_t, kSecretSize>> dh, eae_prk;
  LATCHKEY_TRY(Group<group>::agree(*dh, sk, pk));
  std::uint8_t kem_context[2 * Group<group>::kSize];
  std::memcpy(kem_context, enc.data(), enc.size());
  std::memcpy(kem_context + enc.size(), pk_R.data(), pk_R.size());
  LATCHKEY_TRY(
      labeled_extract<Hash::sha256>(*eae_prk, {}, kSuiteId<group>, "eae_prk", {View(*dh)}));
  Result<void> got;
  auto secret = make_secret([&](Out<kSharedSecretSize> out) noexcept {
    got =
        labeled_expand<Hash::sha256>(out, *eae_prk, kSuiteId<group>, "shared_secret", kem_context);
  });
  if (!got) return got.error();
  return secret;
}

}  // namespace

struct internal::DhAccess {
  template <DhGroup group>
  static void set_bytes(DhEncapsulationKey<group>& key, View bytes) noexcept {
    std::memcpy(key.bytes_.data(), bytes.data(), key.bytes_.size());
    key.is_there_ = true;
  }

  // Encap(), with the ephemeral key pair's secret. Errors: moved_from, those of agree().
  template <DhGroup group>
  static Result<DhEncapsulation<group>> encapsulate(const DhEncapsulationKey<group>& key,
                                                    In<kSecretSize> sk_E) noexcept {
    if (!key.is_there_) return Error::moved_from;
    Result<DhEncapsulation<group>> result(std::in_place);
    LATCHKEY_TRY(Group<group>::public_key(result->ciphertext, sk_E));
    result->secret = LATCHKEY_TRY(agree<group>(sk_E, key.bytes_, result->ciphertext, key.bytes_));
    return result;
  }

  template <DhGroup group>
  static Result<DhDecapsulationKey<group>> from_secret(In<kSecretSize> sk) noexcept {
    if (!Group<group>::is_secret(sk)) return Error::bad_scalar;
    DhDecapsulationKey<group> key;
    key.scalar_ = LATCHKEY_TRY(memory::allocate_slot(kSecretSize));
    const auto bytes = LATCHKEY_TRY(memory::bytes_of(key.scalar_));
    const OpenSecrets open(OpenSecrets::Rights::write);
    base::copy_secret(bytes, sk.data(), sk.size());
    std::array<std::uint8_t, element_size(group)> pk;
    LATCHKEY_TRY(Group<group>::public_key(pk, sk));
    set_bytes(key.public_, pk);
    LATCHKEY_TRY(memory::check_after_use(key.scalar_));
    return key;
  }
};

namespace {

using internal::DhAccess;

// f(sk) for a fresh secret. P-256 rejects one random secret in 2^32. If every one is rejected, the
// system gives no randomness. Errors: no_entropy, those of f().
template <DhGroup group, class F>
auto with_fresh_secret(F f) noexcept -> decltype(f(std::declval<In<kSecretSize>>())) {
  Scrubbed<std::array<std::uint8_t, kSecretSize>> sk;
  for (int tries = 0; tries < 8; ++tries) {
    if (!memory::random_bytes(*sk)) break;
    base::mark_secret(sk->data(), sk->size());
    if (Group<group>::is_secret(*sk)) return f(*sk);
  }
  return Error::no_entropy;
}

// DeriveKeyPair()'s secret. Errors: bad_scalar, those of HKDF.
template <DhGroup group>
Result<void> derive_secret(Out<kSecretSize> sk, View ikm) noexcept {
  Scrubbed<std::array<std::uint8_t, crypto::kSha256Size>> dkp_prk;
  LATCHKEY_TRY(labeled_extract<Hash::sha256>(*dkp_prk, {}, kSuiteId<group>, "dkp_prk", {ikm}));
  if constexpr (group == DhGroup::x25519) {
    return labeled_expand<Hash::sha256>(sk, *dkp_prk, kSuiteId<group>, "sk", {});
  }
  for (unsigned counter = 0; counter < 256; ++counter) {
    const std::uint8_t number[] = {static_cast<std::uint8_t>(counter)};
    LATCHKEY_TRY(labeled_expand<Hash::sha256>(sk, *dkp_prk, kSuiteId<group>, "candidate", number));
    if (Group<group>::is_secret(sk)) return {};
  }
  return Error::bad_scalar;
}

}  // namespace

template <DhGroup group>
Result<DhDecapsulationKey<group>> derive_dh_key_pair(View ikm) noexcept {
  Scrubbed<std::array<std::uint8_t, kSecretSize>> sk;
  LATCHKEY_TRY(derive_secret<group>(*sk, ikm));
  return DhAccess::from_secret<group>(*sk);
}

// ---- The public key

template <DhGroup group>
Result<DhEncapsulationKey<group>> DhEncapsulationKey<group>::parse(
    std::span<const std::uint8_t> bytes) noexcept {
  if (bytes.size() != element_size(group)) return Error::encapsulation_key_length;
  LATCHKEY_TRY(Group<group>::check_public_key(bytes));
  DhEncapsulationKey key;
  DhAccess::set_bytes(key, bytes);
  return key;
}

template <DhGroup group>
Result<DhEncapsulationKey<group>> DhEncapsulationKey<group>::clone() const noexcept {
  if (!is_there_) return Error::moved_from;
  DhEncapsulationKey key;
  DhAccess::set_bytes(key, bytes_);
  return key;
}

template <DhGroup group>
Result<DhEncapsulation<group>> DhEncapsulationKey<group>::encapsulate() const noexcept {
  if (!is_there_) return Error::moved_from;
  return with_fresh_secret<group>(
      [&](In<kSecretSize> sk_E) noexcept { return DhAccess::encapsulate(*this, sk_E); });
}

template <DhGroup group>
std::span<const std::uint8_t> DhEncapsulationKey<group>::bytes() const& noexcept {
  if (!is_there_) return {};
  return bytes_;
}

// ---- The private key

template <DhGroup group>
Result<DhDecapsulationKey<group>> DhDecapsulationKey<group>::generate(PairwiseTest test) noexcept {
  return with_fresh_secret<group>([&](In<kSecretSize> sk) noexcept { return from_seed(sk, test); });
}

template <DhGroup group>
Result<DhDecapsulationKey<group>> DhDecapsulationKey<group>::from_seed(
    std::span<const std::uint8_t> seed, PairwiseTest test) noexcept {
  if (seed.size() != kSecretSize) return Error::seed_length;
  auto key = DhAccess::from_secret<group>(seed.first<kSecretSize>());
  if (!key || test == PairwiseTest::skip) return key;
  const auto sent = LATCHKEY_TRY(key->public_.encapsulate());
  const auto opened = LATCHKEY_TRY(key->decapsulate(sent.ciphertext));
  LATCHKEY_TRY(must_agree(opened, sent.secret));
  return key;
}

template <DhGroup group>
Result<SharedSecret> DhDecapsulationKey<group>::decapsulate(
    std::span<const std::uint8_t> ciphertext) const noexcept {
  const auto bytes = LATCHKEY_TRY(memory::bytes_of(scalar_));
  if (ciphertext.size() != element_size(group)) return Error::ciphertext_length;
  const auto enc = ciphertext.template first<element_size(group)>();
  auto secret = agree<group>(In<kSecretSize>(bytes, kSecretSize), enc, enc,
                             public_.bytes().template first<element_size(group)>());
  LATCHKEY_TRY(memory::check_after_use(scalar_));
  return secret;
}

template <DhGroup group>
Result<void> DhDecapsulationKey<group>::export_seed(
    std::span<std::uint8_t, 32> seed) const noexcept {
  base::wipe(seed.data(), seed.size());
  const auto bytes = LATCHKEY_TRY(memory::bytes_of(scalar_));
  {
    const OpenSecrets open;
    base::copy_secret(seed.data(), bytes, seed.size());
  }
  const auto still = memory::check_after_use(scalar_);
  if (!still) base::wipe(seed.data(), seed.size());
  return still;
}

template <DhGroup group>
bool DhDecapsulationKey<group>::is_locked() const noexcept {
  return memory::is_locked(scalar_);
}

}  // namespace latchkey::hpke

namespace latchkey {

// The ephemeral secret needs no key object.
template <hpke::DhGroup group>
Result<hpke::DhEncapsulation<group>> derand::encapsulate(
    const hpke::DhEncapsulationKey<group>& key, std::span<const std::uint8_t, 32> ikm) noexcept {
  base::Scrubbed<std::array<std::uint8_t, hpke::kSecretSize>> sk_E;
  LATCHKEY_TRY(hpke::derive_secret<group>(*sk_E, ikm));
  return hpke::internal::DhAccess::encapsulate(key, *sk_E);
}

#define LATCHKEY_INSTANTIATE(group)                                                         \
  template class hpke::DhEncapsulationKey<group>;                                           \
  template class hpke::DhDecapsulationKey<group>;                                           \
  template Result<hpke::DhDecapsulationKey<group>> hpke::derive_dh_key_pair(View) noexcept; \
  template Result<hpke::DhEncapsulation<group>> derand::encapsulate(                        \
      const hpke::DhEncapsulationKey<group>&, std::span<const std::uint8_t, 32>) noexcept
LATCHKEY_INSTANTIATE(hpke::DhGroup::p256);
LATCHKEY_INSTANTIATE(hpke::DhGroup::x25519);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey
