// DecapsulationKey (FIPS 203, sections 7.1 and 7.3).

#include "api/access.hpp"
#include "api/shared_secret.hpp"
#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "dispatch/dispatch.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"
#include "memory/owned.hpp"

namespace latchkey {
namespace {

Error error_of(mlkem::KeyCheck check) noexcept {
  return check == mlkem::KeyCheck::not_reduced ? Error::not_reduced : Error::hash_mismatch;
}

// The pairwise consistency test: what the public half encapsulates, the private half opens.
Result<DecapsulationKey> run_pairwise_test(Result<DecapsulationKey> key, bool test) noexcept {
  if (!key || !test) return key;
  const auto sent = LATCHKEY_TRY(key->encapsulation_key().encapsulate());
  const auto opened = LATCHKEY_TRY(key->decapsulate(sent.ciphertext));
  LATCHKEY_TRY(must_agree(opened, sent.secret));
  return key;
}

// The key, if no purge() came between.
Result<DecapsulationKey> drop_if_purged(Result<DecapsulationKey> key) noexcept {
  LATCHKEY_TRY(SecretAccess::check_after_use(*key));
  return key;
}

// The end of an export: the same.
Result<void> wiped_if_purged(const DecapsulationKey& key, std::span<std::uint8_t> out) noexcept {
  const auto still = SecretAccess::check_after_use(key);
  if (!still) base::wipe(out.data(), out.size());
  return still;
}

}  // namespace

Result<DecapsulationKey> SecretAccess::allocate_key(bool has_seed) noexcept {
  auto slot = LATCHKEY_TRY(memory::allocate_slot(sizeof(mlkem::SecretKey)));
  auto* const pub = memory::allocate<internal::PrecomputedPublicKey>();
  if (pub == nullptr) return Error::no_memory;
  DecapsulationKey key;
  key.public_ = wrap(pub);
  key.secret_ = std::move(slot);
  key.has_seed_ = has_seed;
  return key;
}

Result<DecapsulationKey> derand::keygen(std::span<const std::uint8_t, 32> d,
                                        std::span<const std::uint8_t, 32> z) noexcept {
  auto key = SecretAccess::allocate_key(true);
  if (!key) return key;
  const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(*key));
  auto* const pub = SecretAccess::precomputed(key->encapsulation_key());
  const OpenSecrets open(OpenSecrets::Rights::write);
  dispatch::kem_table().keygen(pub->key, *secret, d, z);
  return drop_if_purged(std::move(key));
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
  return run_pairwise_test(derand::keygen(seed.first<32>(), seed.last<32>()),
                           test == PairwiseTest::run);
}

Result<DecapsulationKey> DecapsulationKey::import_expanded(std::span<const std::uint8_t> expanded,
                                                           ExpandedKeyCheck check) noexcept {
  if (expanded.size() != kDecapsulationKeySize) return Error::decapsulation_key_length;
  auto key = SecretAccess::allocate_key(false);
  if (!key) return key;
  const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(*key));
  auto* const pub = SecretAccess::precomputed(key->encapsulation_key());
  const OpenSecrets open(OpenSecrets::Rights::write);
  const auto found = dispatch::kem_table().precompute_dk(pub->key, *secret,
                                                         expanded.first<kDecapsulationKeySize>());
  // Also of a key that is refused: a purge() meanwhile is what its caller has to know of.
  key = drop_if_purged(std::move(key));
  if (!key) return key;
  if (found != mlkem::KeyCheck::passed) return error_of(found);
  return run_pairwise_test(std::move(key), check == ExpandedKeyCheck::hash_and_pairwise);
}

Result<SharedSecret> DecapsulationKey::decapsulate(
    std::span<const std::uint8_t> ciphertext) const noexcept {
  const auto mine = LATCHKEY_TRY(SecretAccess::secret_key(*this));
  if (ciphertext.size() != kCiphertextSize) return Error::ciphertext_length;
  const auto* const pub = SecretAccess::precomputed(public_);
  auto secret = make_secret([&](auto key) noexcept {
    dispatch::kem_table().decaps(key, pub->key, *mine, ciphertext.first<kCiphertextSize>());
  });
  // The key may have been purged before there was a secret to purge.
  LATCHKEY_TRY(SecretAccess::check_after_use(*this));
  return secret;
}

Result<void> DecapsulationKey::export_seed(std::span<std::uint8_t, kSeedSize> seed) const noexcept {
  base::wipe(seed.data(), seed.size());
  const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(*this));
  if (!has_seed_) return Error::no_seed;
  const OpenSecrets open;  // `seed` may be in a LockedBuffer
  base::copy_secret(seed.data(), secret->d, 32);
  base::copy_secret(seed.data() + 32, secret->z, 32);
  return wiped_if_purged(*this, seed);
}

Result<void> DecapsulationKey::export_expanded(
    std::span<std::uint8_t, kDecapsulationKeySize> expanded) const noexcept {
  base::wipe(expanded.data(), expanded.size());
  const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(*this));
  const auto* const pub = SecretAccess::precomputed(public_);
  const OpenSecrets open;
  dispatch::kem_table().encode_dk(expanded, pub->key, *secret);
  return wiped_if_purged(*this, expanded);
}

bool DecapsulationKey::is_locked() const noexcept { return memory::is_locked(secret_); }

Result<SharedSecret> decapsulate_with_expanded_key(
    std::span<const std::uint8_t> expanded_key, std::span<const std::uint8_t> ciphertext) noexcept {
  if (expanded_key.size() != kDecapsulationKeySize) return Error::decapsulation_key_length;
  if (ciphertext.size() != kCiphertextSize) return Error::ciphertext_length;
  auto found = mlkem::KeyCheck::passed;
  auto secret = make_secret([&](auto key) noexcept {
    found = dispatch::kem_table().decaps_once(key, expanded_key.first<kDecapsulationKeySize>(),
                                              ciphertext.first<kCiphertextSize>());
  });
  if (!secret) return secret;
  if (found != mlkem::KeyCheck::passed) return error_of(found);
  return secret;
}

const char* backend_name() noexcept { return dispatch::kem_table().name; }

}  // namespace latchkey
