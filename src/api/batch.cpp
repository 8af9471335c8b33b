// Batches of the operations of FIPS 203, section 7.

#include "latchkey/batch.hpp"

#include <algorithm>

#include "api/access.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"

namespace latchkey {
namespace {

// How many keys share their random bytes' place on the stack.
constexpr std::size_t kKeysAtOnce = 16;

template <MlKem set>
Result<void> clear_all(std::span<MlKemDecapsulationKey<set>> keys, Error error) noexcept {
  for (auto& key : keys) key = MlKemDecapsulationKey<set>();
  return error;
}

template <MlKem set>
Result<void> clear_all(std::span<MlKemEncapsulation<set>> results, Error error) noexcept {
  for (auto& result : results) result = MlKemEncapsulation<set>();
  return error;
}

Result<void> clear_all(std::span<SharedSecret> secrets, Error error) noexcept {
  for (auto& secret : secrets) secret = SharedSecret();
  return error;
}

// Fresh keys from given seeds, into empty objects.
template <MlKem set>
Result<void> generate_some(std::span<const std::array<std::uint8_t, kSeedSize>> seeds,
                           std::span<MlKemDecapsulationKey<set>> keys) noexcept {
  mlkem::KeygenJob<kParameters<set>> jobs[kKeysAtOnce];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto key = LATCHKEY_TRY(SecretAccess::allocate_key<set>(true));
    const auto secret = LATCHKEY_TRY(SecretAccess::secret_key(key));
    jobs[i] = {&SecretAccess::precomputed(key.encapsulation_key())->key, secret, seeds[i].data(),
               seeds[i].data() + 32};
    keys[i] = std::move(key);
  }
  const OpenSecrets open(OpenSecrets::Rights::write);
  kem_table<set>().keygen_many(jobs, keys.size());
  for (const auto& key : keys) {
    if (const auto still = SecretAccess::check_after_use(key); !still) return still.error();
  }
  return {};
}

// A new secret in the place of an old one.
Result<std::uint8_t*> replace_secret(SharedSecret& secret) noexcept {
  auto fresh = LATCHKEY_TRY(SecretAccess::allocate_secret());
  secret = std::move(fresh);
  return SecretAccess::bytes(secret);
}

// The four at most that are given.
template <MlKem set>
Result<void> encapsulate_some(std::span<const MlKemEncapsulationKey<set>* const> keys,
                              std::span<const std::array<std::uint8_t, 32>> ms,
                              std::span<MlKemEncapsulation<set>> results) noexcept {
  mlkem::EncapsJob<kParameters<set>> jobs[mlkem::kBatch];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto secret = LATCHKEY_TRY(replace_secret(results[i].secret));
    jobs[i] = {results[i].ciphertext.data(), secret, &SecretAccess::precomputed(*keys[i])->key,
               ms[i].data()};
  }
  const OpenSecrets open(OpenSecrets::Rights::write);
  kem_table<set>().encaps_four(jobs, keys.size());
  for (auto& result : results) {
    base::declassify(result.ciphertext.data(), result.ciphertext.size());  // c is sent in the clear
    LATCHKEY_TRY(SecretAccess::check_after_use(result.secret));
  }
  return {};
}

template <MlKem set>
Result<void> decapsulate_some(std::span<const MlKemDecapsulationKey<set>* const> keys,
                              std::span<const MlKemCiphertext<set>> ciphertexts,
                              std::span<SharedSecret> secrets) noexcept {
  mlkem::DecapsJob<kParameters<set>> jobs[mlkem::kBatch];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto secret = LATCHKEY_TRY(replace_secret(secrets[i]));
    const auto key = LATCHKEY_TRY(SecretAccess::secret_key(*keys[i]));
    jobs[i] = {secret, &SecretAccess::precomputed(keys[i]->encapsulation_key())->key, key,
               ciphertexts[i].data()};
  }
  const OpenSecrets open(OpenSecrets::Rights::write);
  kem_table<set>().decaps_four(jobs, keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto still = SecretAccess::check_after_use(*keys[i]);
    if (still) still = SecretAccess::check_after_use(secrets[i]);
    if (!still) return still.error();
  }
  return {};
}

}  // namespace

template <MlKem set>
Result<void> derand::generate_batch(std::span<const std::array<std::uint8_t, kSeedSize>> seeds,
                                    internal::SpanOf<MlKemDecapsulationKey<set>> keys) noexcept {
  if (seeds.size() != keys.size()) return clear_all<set>(keys, Error::batch_length);
  for (std::size_t i = 0; i < keys.size(); i += kKeysAtOnce) {
    const std::size_t count = std::min(kKeysAtOnce, keys.size() - i);
    const auto done = generate_some<set>(seeds.subspan(i, count), keys.subspan(i, count));
    if (!done) return clear_all<set>(keys, done.error());
  }
  return {};
}

template <MlKem set>
Result<void> generate_batch(internal::SpanOf<MlKemDecapsulationKey<set>> keys) noexcept {
  base::Scrubbed<std::array<std::array<std::uint8_t, kSeedSize>, kKeysAtOnce>> seeds;
  for (std::size_t i = 0; i < keys.size(); i += kKeysAtOnce) {
    const std::size_t count = std::min(kKeysAtOnce, keys.size() - i);
    const std::span bytes(reinterpret_cast<std::uint8_t*>(&*seeds), count * kSeedSize);
    if (!memory::random_bytes(bytes)) return clear_all<set>(keys, Error::no_entropy);
    base::mark_secret(bytes.data(), bytes.size());
    const auto done = generate_some<set>(std::span(*seeds).first(count), keys.subspan(i, count));
    if (!done) return clear_all<set>(keys, done.error());
  }
  return {};
}

template <MlKem set>
Result<void> derand::encapsulate_batch(
    internal::SpanOf<const MlKemEncapsulationKey<set>* const> keys,
    std::span<const std::array<std::uint8_t, 32>> ms,
    internal::SpanOf<MlKemEncapsulation<set>> results) noexcept {
  if (keys.size() != results.size() || ms.size() != results.size()) {
    return clear_all<set>(results, Error::batch_length);
  }
  for (const auto* key : keys) {
    if (SecretAccess::precomputed(*key) == nullptr)
      return clear_all<set>(results, Error::moved_from);
  }
  for (std::size_t i = 0; i < keys.size(); i += mlkem::kBatch) {
    const std::size_t count = std::min(mlkem::kBatch, keys.size() - i);
    const auto done = encapsulate_some<set>(keys.subspan(i, count), ms.subspan(i, count),
                                            results.subspan(i, count));
    if (!done) return clear_all<set>(results, done.error());
  }
  return {};
}

template <MlKem set>
Result<void> encapsulate_batch(internal::SpanOf<const MlKemEncapsulationKey<set>* const> keys,
                               internal::SpanOf<MlKemEncapsulation<set>> results) noexcept {
  if (keys.size() != results.size()) return clear_all<set>(results, Error::batch_length);
  base::Scrubbed<std::array<std::array<std::uint8_t, 32>, kKeysAtOnce>> ms;
  for (std::size_t i = 0; i < keys.size(); i += kKeysAtOnce) {
    const std::size_t count = std::min(kKeysAtOnce, keys.size() - i);
    const std::span bytes(reinterpret_cast<std::uint8_t*>(&*ms), count * 32);
    if (!memory::random_bytes(bytes)) return clear_all<set>(results, Error::no_entropy);
    base::mark_secret(bytes.data(), bytes.size());
    const auto done = derand::encapsulate_batch<set>(
        keys.subspan(i, count), std::span(*ms).first(count), results.subspan(i, count));
    if (!done) return clear_all<set>(results, done.error());
  }
  return {};
}

template <MlKem set>
Result<void> decapsulate_batch(internal::SpanOf<const MlKemDecapsulationKey<set>* const> keys,
                               internal::SpanOf<const MlKemCiphertext<set>> ciphertexts,
                               std::span<SharedSecret> secrets) noexcept {
  if (keys.size() != secrets.size() || ciphertexts.size() != secrets.size()) {
    return clear_all(secrets, Error::batch_length);
  }
  for (const auto* key : keys) {
    const auto secret = SecretAccess::secret_key(*key);
    if (!secret) return clear_all(secrets, secret.error());
  }
  for (std::size_t i = 0; i < keys.size(); i += mlkem::kBatch) {
    const std::size_t count = std::min(mlkem::kBatch, keys.size() - i);
    const auto done = decapsulate_some<set>(keys.subspan(i, count), ciphertexts.subspan(i, count),
                                            secrets.subspan(i, count));
    if (!done) return clear_all(secrets, done.error());
  }
  return {};
}

template Result<void> derand::generate_batch<MlKem::k512>(
    std::span<const std::array<std::uint8_t, kSeedSize>>,
    std::span<mlkem512::DecapsulationKey>) noexcept;
template Result<void> generate_batch<MlKem::k512>(std::span<mlkem512::DecapsulationKey>) noexcept;
template Result<void> derand::encapsulate_batch<MlKem::k512>(
    std::span<const mlkem512::EncapsulationKey* const>,
    std::span<const std::array<std::uint8_t, 32>>, std::span<mlkem512::Encapsulation>) noexcept;
template Result<void> encapsulate_batch<MlKem::k512>(
    std::span<const mlkem512::EncapsulationKey* const>,
    std::span<mlkem512::Encapsulation>) noexcept;
template Result<void> decapsulate_batch<MlKem::k512>(
    std::span<const mlkem512::DecapsulationKey* const>, std::span<const mlkem512::Ciphertext>,
    std::span<SharedSecret>) noexcept;
template Result<void> derand::generate_batch<MlKem::k768>(
    std::span<const std::array<std::uint8_t, kSeedSize>>,
    std::span<mlkem768::DecapsulationKey>) noexcept;
template Result<void> generate_batch<MlKem::k768>(std::span<mlkem768::DecapsulationKey>) noexcept;
template Result<void> derand::encapsulate_batch<MlKem::k768>(
    std::span<const mlkem768::EncapsulationKey* const>,
    std::span<const std::array<std::uint8_t, 32>>, std::span<mlkem768::Encapsulation>) noexcept;
template Result<void> encapsulate_batch<MlKem::k768>(
    std::span<const mlkem768::EncapsulationKey* const>,
    std::span<mlkem768::Encapsulation>) noexcept;
template Result<void> decapsulate_batch<MlKem::k768>(
    std::span<const mlkem768::DecapsulationKey* const>, std::span<const mlkem768::Ciphertext>,
    std::span<SharedSecret>) noexcept;
template Result<void> derand::generate_batch<MlKem::k1024>(
    std::span<const std::array<std::uint8_t, kSeedSize>>,
    std::span<mlkem1024::DecapsulationKey>) noexcept;
template Result<void> generate_batch<MlKem::k1024>(std::span<mlkem1024::DecapsulationKey>) noexcept;
template Result<void> derand::encapsulate_batch<MlKem::k1024>(
    std::span<const mlkem1024::EncapsulationKey* const>,
    std::span<const std::array<std::uint8_t, 32>>, std::span<mlkem1024::Encapsulation>) noexcept;
template Result<void> encapsulate_batch<MlKem::k1024>(
    std::span<const mlkem1024::EncapsulationKey* const>,
    std::span<mlkem1024::Encapsulation>) noexcept;
template Result<void> decapsulate_batch<MlKem::k1024>(
    std::span<const mlkem1024::DecapsulationKey* const>, std::span<const mlkem1024::Ciphertext>,
    std::span<SharedSecret>) noexcept;

}  // namespace latchkey
