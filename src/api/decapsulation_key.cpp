// DecapsulationKey (FIPS 203, sections 7.1 and 7.3).

#include "api/access.hpp"
#include "api/shared_secret.hpp"
#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"
#include "memory/owned.hpp"

namespace latchkey {
namespace {

Error error_of(mlkem::KeyCheck check) noexcept {
  return check == mlkem::KeyCheck::not_reduced ? Error::not_reduced : Error::hash_mismatch;
}

// The pairwise consistency test: what the public half encapsulates, the private half opens.
template <MlKem set>
Result<MlKemDecapsulationKey<set>> run_pairwise_test(Result<MlKemDecapsulationKey<set>> key,
                                                     bool test) noexcept {
  if (!key || !test) return key;
  const auto sent = LATCHKEY_TRY(key->encapsulation_key().encapsulate());
  const auto opened = LATCHKEY_TRY(key->decapsulate(sent.ciphertext));
  LATCHKEY_TRY(must_agree(opened, sent.secret));
  return key;
}

// The key, if no purge() came between.
template <MlKem set>
Result<MlKemDecapsulationKey<set>> drop_if_purged(Result<MlKemDecapsulationKey<set>> key) noexcept {
  LATCHKEY_TRY(SecretAccess::check_after_use(*key));
  return key;
}

// The end of an export: the same.
template <MlKem set>
Result<void> wiped_if_purged(const MlKemDecapsulationKey<set>& key,
                             std::span<std::uint8_t> out) noexcept {
  const auto still = SecretAccess::check_after_use(key);
  if (!still) base::wipe(out.data(), out.size());
  return still;
}

}  // namespace

template <MlKem set>
Result<MlKemDecapsulationKey<set>> SecretAccess::allocate_key(bool has_seed) noexcept {
  auto slot = LATCHKEY_TRY(memory::allocate_slot_for<mlkem::SecretKey<kParameters<set>>>());
  auto* const pub = memory::allocate<internal::PrecomputedPublicKey<set>>();
  if (pub == nullptr) return Error::no_memory;
  MlKemDecapsulationKey<set> key;
  key.public_ = wrap(pub);
  key.secret_ = std::move(slot);
  key.has_seed_ = has_seed;
  return key;
}

template <MlKem set>
Result<MlKemDecapsulationKey<set>> derand::keygen(std::span<const std::uint8_t, 32> d,
                                                  std::span<const std::uint8_t, 32> z) noexcept {
  auto key = SecretAccess::allocate_key<set>(true);
  if (!key) return key;
  const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(*key));
  auto* const pub = SecretAccess::precomputed(key->encapsulation_key());
  const OpenSecrets open(OpenSecrets::Rights::write);
  kem_table<set>().keygen(pub->key, *secret, d, z);
  return drop_if_purged(std::move(key));
}

template <MlKem set>
Result<MlKemDecapsulationKey<set>> MlKemDecapsulationKey<set>::generate(
    PairwiseTest test) noexcept {
  base::Scrubbed<std::array<std::uint8_t, kSeedSize>> seed;
  if (!memory::random_bytes(*seed)) return Error::no_entropy;
  base::mark_secret(seed->data(), seed->size());
  return from_seed(*seed, test);
}

template <MlKem set>
Result<MlKemDecapsulationKey<set>> MlKemDecapsulationKey<set>::from_seed(
    std::span<const std::uint8_t> seed, PairwiseTest test) noexcept {
  if (seed.size() != kSeedSize) return Error::seed_length;
  return run_pairwise_test(derand::keygen<set>(seed.first<32>(), seed.last<32>()),
                           test == PairwiseTest::run);
}

template <MlKem set>
Result<MlKemDecapsulationKey<set>> MlKemDecapsulationKey<set>::import_expanded(
    std::span<const std::uint8_t> expanded, ExpandedKeyCheck check) noexcept {
  constexpr std::size_t kExpandedSize = sizes_of(set).decapsulation_key;
  if (expanded.size() != kExpandedSize) return Error::decapsulation_key_length;
  auto key = SecretAccess::allocate_key<set>(false);
  if (!key) return key;
  const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(*key));
  auto* const pub = SecretAccess::precomputed(key->encapsulation_key());
  const OpenSecrets open(OpenSecrets::Rights::write);
  const auto found =
      kem_table<set>().precompute_dk(pub->key, *secret, expanded.template first<kExpandedSize>());
  // Also of a key that is refused: a purge() meanwhile is what its caller has to know of.
  key = drop_if_purged(std::move(key));
  if (!key) return key;
  if (found != mlkem::KeyCheck::passed) return error_of(found);
  return run_pairwise_test(std::move(key), check == ExpandedKeyCheck::hash_and_pairwise);
}

template <MlKem set>
Result<SharedSecret> MlKemDecapsulationKey<set>::decapsulate(
    std::span<const std::uint8_t> ciphertext) const noexcept {
  const auto mine = LATCHKEY_TRY(SecretAccess::secret_key(*this));
  constexpr std::size_t kSize = sizes_of(set).ciphertext;
  if (ciphertext.size() != kSize) return Error::ciphertext_length;
  const auto* const pub = SecretAccess::precomputed(public_);
  auto secret = make_secret([&](auto key) noexcept {
    kem_table<set>().decaps(key, pub->key, *mine, ciphertext.template first<kSize>());
  });
  // The key may have been purged before there was a secret to purge.
  LATCHKEY_TRY(SecretAccess::check_after_use(*this));
  return secret;
}

template <MlKem set>
Result<void> MlKemDecapsulationKey<set>::export_seed(
    std::span<std::uint8_t, kSeedSize> seed) const noexcept {
  base::wipe(seed.data(), seed.size());
  const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(*this));
  if (!has_seed_) return Error::no_seed;
  const OpenSecrets open;  // `seed` may be in a LockedBuffer
  base::copy_secret(seed.data(), secret->d, 32);
  base::copy_secret(seed.data() + 32, secret->z, 32);
  return wiped_if_purged(*this, seed);
}

template <MlKem set>
Result<void> MlKemDecapsulationKey<set>::export_expanded(Expanded expanded) const noexcept {
  base::wipe(expanded.data(), expanded.size());
  const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(*this));
  const auto* const pub = SecretAccess::precomputed(public_);
  const OpenSecrets open;
  kem_table<set>().encode_dk(expanded, pub->key, *secret);
  return wiped_if_purged(*this, expanded);
}

template <MlKem set>
bool MlKemDecapsulationKey<set>::is_locked() const noexcept {
  return memory::is_locked(secret_);
}

template <MlKem set>
Result<SharedSecret> decapsulate_with_expanded_key(
    std::span<const std::uint8_t> expanded_key, std::span<const std::uint8_t> ciphertext) noexcept {
  constexpr std::size_t kExpandedSize = sizes_of(set).decapsulation_key;
  constexpr std::size_t kSize = sizes_of(set).ciphertext;
  if (expanded_key.size() != kExpandedSize) return Error::decapsulation_key_length;
  if (ciphertext.size() != kSize) return Error::ciphertext_length;
  auto found = mlkem::KeyCheck::passed;
  auto secret = make_secret([&](auto key) noexcept {
    found = kem_table<set>().decaps_once(key, expanded_key.template first<kExpandedSize>(),
                                         ciphertext.template first<kSize>());
  });
  if (!secret) return secret;
  if (found != mlkem::KeyCheck::passed) return error_of(found);
  return secret;
}

const char* backend_name() noexcept { return dispatch::hash_table().name; }

template class MlKemDecapsulationKey<MlKem::k512>;
template class MlKemDecapsulationKey<MlKem::k768>;
template class MlKemDecapsulationKey<MlKem::k1024>;
template Result<mlkem512::DecapsulationKey> derand::keygen(
    std::span<const std::uint8_t, 32>, std::span<const std::uint8_t, 32>) noexcept;
template Result<SharedSecret> decapsulate_with_expanded_key<MlKem::k512>(
    std::span<const std::uint8_t>, std::span<const std::uint8_t>) noexcept;
template Result<mlkem512::DecapsulationKey> SecretAccess::allocate_key(bool) noexcept;
template Result<mlkem768::DecapsulationKey> derand::keygen(
    std::span<const std::uint8_t, 32>, std::span<const std::uint8_t, 32>) noexcept;
template Result<SharedSecret> decapsulate_with_expanded_key<MlKem::k768>(
    std::span<const std::uint8_t>, std::span<const std::uint8_t>) noexcept;
template Result<mlkem768::DecapsulationKey> SecretAccess::allocate_key(bool) noexcept;
template Result<mlkem1024::DecapsulationKey> derand::keygen(
    std::span<const std::uint8_t, 32>, std::span<const std::uint8_t, 32>) noexcept;
template Result<SharedSecret> decapsulate_with_expanded_key<MlKem::k1024>(
    std::span<const std::uint8_t>, std::span<const std::uint8_t>) noexcept;
template Result<mlkem1024::DecapsulationKey> SecretAccess::allocate_key(bool) noexcept;

}  // namespace latchkey
