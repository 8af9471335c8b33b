// DecapsulationKey (FIPS 203, sections 7.1 and 7.3).

#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "dispatch/dispatch.hpp"
#include "kem/prepared.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"
#include "memory/owned.hpp"

namespace latchkey {
namespace {

Error error_of(core::KeyCheck check) noexcept {
  return check == core::KeyCheck::not_reduced ? Error::not_reduced : Error::hash_mismatch;
}

// The pairwise consistency test: what the public half encapsulates, the private half opens.
Result<DecapsulationKey> tested(Result<DecapsulationKey> key, bool test) noexcept {
  if (!key || !test) return key;
  const auto sent = key->encapsulation_key().encapsulate();
  if (!sent) return sent.error();
  const auto opened = key->decapsulate(sent->ciphertext);
  if (!opened) return opened.error();
  std::uint64_t differ = base::differ(sent->secret.expose(), opened->expose()).bits();
  base::declassify(&differ, sizeof differ);  // whether the key works is not secret
  if (differ != 0) return Error::inconsistent_key;
  return key;
}

}  // namespace

Result<DecapsulationKey> internal::allocate_key(PreparedPublicKey** pub,
                                                PreparedSecretKey** secret) noexcept {
  *pub = memory::allocate<PreparedPublicKey>();
  *secret = memory::allocate<PreparedSecretKey>();
  DecapsulationKey key = SecretAccess::wrap(SecretAccess::wrap(*pub), *secret);
  if (*pub == nullptr || *secret == nullptr) return Error::no_memory;
  (*pub)->ops = &dispatch::kem_ops();
  return key;
}

DecapsulationKey::DecapsulationKey(DecapsulationKey&& other) noexcept
    : public_(std::move(other.public_)), secret_(std::exchange(other.secret_, nullptr)) {}

DecapsulationKey& DecapsulationKey::operator=(DecapsulationKey&& other) noexcept {
  DecapsulationKey taken(std::move(other));
  std::swap(public_, taken.public_);
  std::swap(secret_, taken.secret_);
  return *this;
}

DecapsulationKey::~DecapsulationKey() { memory::release(secret_); }

Result<DecapsulationKey> derand::keygen(std::span<const std::uint8_t, 32> d,
                                        std::span<const std::uint8_t, 32> z) noexcept {
  internal::PreparedPublicKey* pub;
  internal::PreparedSecretKey* secret;
  auto key = internal::allocate_key(&pub, &secret);
  if (!key) return key;
  pub->ops->keygen(pub->key, secret->key, d, z);
  secret->has_seed = true;
  return key;
}

Result<DecapsulationKey> DecapsulationKey::generate(PairwiseTest test) noexcept {
  base::Scrubbed<std::array<std::uint8_t, kSeedSize>> seed;
  if (!memory::random_bytes(*seed)) return Error::no_entropy;
  base::mark_secret(seed->data(), seed->size());
  return from_seed(*seed, test);
}

Result<DecapsulationKey> DecapsulationKey::from_seed(std::span<const std::uint8_t> seed,
                                                     PairwiseTest test) noexcept {
  if (seed.size() != kSeedSize) return Error::seed_length;
  return tested(derand::keygen(seed.first<32>(), seed.last<32>()), test == PairwiseTest::run);
}

Result<DecapsulationKey> DecapsulationKey::import_expanded(std::span<const std::uint8_t> expanded,
                                                           ExpandedKeyCheck check) noexcept {
  if (expanded.size() != kDecapsulationKeySize) return Error::decapsulation_key_length;
  internal::PreparedPublicKey* pub;
  internal::PreparedSecretKey* secret;
  auto key = internal::allocate_key(&pub, &secret);
  if (!key) return key;
  const auto found =
      pub->ops->expand_dk(pub->key, secret->key, expanded.first<kDecapsulationKeySize>());
  if (found != core::KeyCheck::passed) return error_of(found);
  secret->has_seed = false;
  return tested(std::move(key), check == ExpandedKeyCheck::hash_and_pairwise);
}

Result<SharedSecret> DecapsulationKey::decapsulate(
    std::span<const std::uint8_t> ciphertext) const noexcept {
  if (secret_ == nullptr) return Error::moved_from;
  if (ciphertext.size() != kCiphertextSize) return Error::ciphertext_length;
  const auto* pub = SecretAccess::prepared(public_);
  SharedSecret secret;
  pub->ops->decaps(SecretAccess::bytes(secret), pub->key, secret_->key,
                   ciphertext.first<kCiphertextSize>());
  return secret;
}

Result<void> DecapsulationKey::export_seed(std::span<std::uint8_t, kSeedSize> seed) const noexcept {
  base::wipe(seed.data(), seed.size());
  if (secret_ == nullptr) return Error::moved_from;
  if (!secret_->has_seed) return Error::no_seed;
  base::copy(seed.first<32>(), base::In<32>(secret_->key.d));
  base::copy(seed.last<32>(), base::In<32>(secret_->key.z));
  return {};
}

Result<void> DecapsulationKey::export_expanded(
    std::span<std::uint8_t, kDecapsulationKeySize> expanded) const noexcept {
  base::wipe(expanded.data(), expanded.size());
  if (secret_ == nullptr) return Error::moved_from;
  const auto* pub = SecretAccess::prepared(public_);
  pub->ops->encode_dk(expanded, pub->key, secret_->key);
  return {};
}

Result<SharedSecret> decapsulate_with_expanded_key(
    std::span<const std::uint8_t> expanded_key, std::span<const std::uint8_t> ciphertext) noexcept {
  if (expanded_key.size() != kDecapsulationKeySize) return Error::decapsulation_key_length;
  if (ciphertext.size() != kCiphertextSize) return Error::ciphertext_length;
  SharedSecret secret;
  const auto found = dispatch::kem_ops().decaps_once(SecretAccess::bytes(secret),
                                                     expanded_key.first<kDecapsulationKeySize>(),
                                                     ciphertext.first<kCiphertextSize>());
  if (found != core::KeyCheck::passed) return error_of(found);
  return secret;
}

const char* backend_name() noexcept { return dispatch::kem_ops().name; }

}  // namespace latchkey
