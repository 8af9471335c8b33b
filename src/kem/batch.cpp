// Batches of the operations of FIPS 203, section 7.

#include "latchkey/batch.hpp"

#include <algorithm>

#include "base/secrecy.hpp"
#include "base/wipe.hpp"
#include "dispatch/dispatch.hpp"
#include "kem/prepared.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"

namespace latchkey {
namespace {

// How many keys share their random bytes' place on the stack.
constexpr std::size_t kKeysAtOnce = 16;

Result<void> emptied(std::span<DecapsulationKey> keys, Error error) noexcept {
  for (auto& key : keys) key = DecapsulationKey();
  return error;
}

Result<void> emptied(std::span<Encapsulation> results, Error error) noexcept {
  for (auto& result : results) result = Encapsulation();
  return error;
}

Result<void> emptied(std::span<SharedSecret> secrets, Error error) noexcept {
  for (auto& secret : secrets) secret = SharedSecret();
  return error;
}

// Fresh keys from given seeds, into empty objects.
Result<void> generate_some(std::span<const std::array<std::uint8_t, kSeedSize>> seeds,
                           std::span<DecapsulationKey> keys) noexcept {
  core::KeygenJob jobs[kKeysAtOnce];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto key = SecretAccess::allocate_key(true);
    if (!key) return key.error();
    const auto secret = SecretAccess::secret_key(*key);
    if (!secret) return secret.error();
    jobs[i] = {&SecretAccess::prepared(key->encapsulation_key())->key, *secret, seeds[i].data(),
               seeds[i].data() + 32};
    keys[i] = std::move(*key);
  }
  const OpenSecrets open(OpenSecrets::Rights::write);
  dispatch::kem_ops().keygen_many(jobs, keys.size());
  for (const auto& key : keys) {
    if (const auto still = SecretAccess::check_after_use(key); !still) return still.error();
  }
  return {};
}

// A new secret in the place of an old one.
Result<std::uint8_t*> renew(SharedSecret& secret) noexcept {
  auto fresh = SecretAccess::allocate_secret();
  if (!fresh) return fresh.error();
  secret = std::move(*fresh);
  return SecretAccess::bytes(secret);
}

// The four at most that are given.
Result<void> encapsulate_some(std::span<const EncapsulationKey* const> keys,
                              std::span<const std::array<std::uint8_t, 32>> ms,
                              std::span<Encapsulation> results) noexcept {
  core::EncapsJob jobs[core::kBatch];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto secret = renew(results[i].secret);
    if (!secret) return secret.error();
    jobs[i] = {results[i].ciphertext.data(), *secret, &SecretAccess::prepared(*keys[i])->key,
               ms[i].data()};
  }
  const OpenSecrets open(OpenSecrets::Rights::write);
  dispatch::kem_ops().encaps_four(jobs, keys.size());
  for (auto& result : results) {
    base::declassify(result.ciphertext.data(), result.ciphertext.size());  // c is sent in the clear
    const auto still = SecretAccess::check_after_use(result.secret);
    if (!still) return still.error();
  }
  return {};
}

Result<void> decapsulate_some(std::span<const DecapsulationKey* const> keys,
                              std::span<const Ciphertext> ciphertexts,
                              std::span<SharedSecret> secrets) noexcept {
  core::DecapsJob jobs[core::kBatch];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto secret = renew(secrets[i]);
    if (!secret) return secret.error();
    const auto key = SecretAccess::secret_key(*keys[i]);
    if (!key) return key.error();
    jobs[i] = {*secret, &SecretAccess::prepared(keys[i]->encapsulation_key())->key, *key,
               ciphertexts[i].data()};
  }
  const OpenSecrets open(OpenSecrets::Rights::write);
  dispatch::kem_ops().decaps_four(jobs, keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto still = SecretAccess::check_after_use(*keys[i]);
    if (still) still = SecretAccess::check_after_use(secrets[i]);
    if (!still) return still.error();
  }
  return {};
}

}  // namespace

Result<void> derand::generate_batch(std::span<const std::array<std::uint8_t, kSeedSize>> seeds,
                                    std::span<DecapsulationKey> keys) noexcept {
  if (seeds.size() != keys.size()) return emptied(keys, Error::batch_length);
  for (std::size_t i = 0; i < keys.size(); i += kKeysAtOnce) {
    const std::size_t count = std::min(kKeysAtOnce, keys.size() - i);
    const auto done = generate_some(seeds.subspan(i, count), keys.subspan(i, count));
    if (!done) return emptied(keys, done.error());
  }
  return {};
}

Result<void> generate_batch(std::span<DecapsulationKey> keys) noexcept {
  base::Scrubbed<std::array<std::array<std::uint8_t, kSeedSize>, kKeysAtOnce>> seeds;
  for (std::size_t i = 0; i < keys.size(); i += kKeysAtOnce) {
    const std::size_t count = std::min(kKeysAtOnce, keys.size() - i);
    const std::span bytes(reinterpret_cast<std::uint8_t*>(&*seeds), count * kSeedSize);
    if (!memory::random_bytes(bytes)) return emptied(keys, Error::no_entropy);
    base::mark_secret(bytes.data(), bytes.size());
    const auto done = generate_some(std::span(*seeds).first(count), keys.subspan(i, count));
    if (!done) return emptied(keys, done.error());
  }
  return {};
}

Result<void> derand::encapsulate_batch(std::span<const EncapsulationKey* const> keys,
                                       std::span<const std::array<std::uint8_t, 32>> ms,
                                       std::span<Encapsulation> results) noexcept {
  if (keys.size() != results.size() || ms.size() != results.size()) {
    return emptied(results, Error::batch_length);
  }
  for (const auto* key : keys) {
    if (SecretAccess::prepared(*key) == nullptr) return emptied(results, Error::moved_from);
  }
  for (std::size_t i = 0; i < keys.size(); i += core::kBatch) {
    const std::size_t count = std::min(core::kBatch, keys.size() - i);
    const auto done =
        encapsulate_some(keys.subspan(i, count), ms.subspan(i, count), results.subspan(i, count));
    if (!done) return emptied(results, done.error());
  }
  return {};
}

Result<void> encapsulate_batch(std::span<const EncapsulationKey* const> keys,
                               std::span<Encapsulation> results) noexcept {
  if (keys.size() != results.size()) return emptied(results, Error::batch_length);
  base::Scrubbed<std::array<std::array<std::uint8_t, 32>, kKeysAtOnce>> ms;
  for (std::size_t i = 0; i < keys.size(); i += kKeysAtOnce) {
    const std::size_t count = std::min(kKeysAtOnce, keys.size() - i);
    const std::span bytes(reinterpret_cast<std::uint8_t*>(&*ms), count * 32);
    if (!memory::random_bytes(bytes)) return emptied(results, Error::no_entropy);
    base::mark_secret(bytes.data(), bytes.size());
    const auto done = derand::encapsulate_batch(keys.subspan(i, count), std::span(*ms).first(count),
                                                results.subspan(i, count));
    if (!done) return emptied(results, done.error());
  }
  return {};
}

Result<void> decapsulate_batch(std::span<const DecapsulationKey* const> keys,
                               std::span<const Ciphertext> ciphertexts,
                               std::span<SharedSecret> secrets) noexcept {
  if (keys.size() != secrets.size() || ciphertexts.size() != secrets.size()) {
    return emptied(secrets, Error::batch_length);
  }
  for (const auto* key : keys) {
    const auto secret = SecretAccess::secret_key(*key);
    if (!secret) return emptied(secrets, secret.error());
  }
  for (std::size_t i = 0; i < keys.size(); i += core::kBatch) {
    const std::size_t count = std::min(core::kBatch, keys.size() - i);
    const auto done = decapsulate_some(keys.subspan(i, count), ciphertexts.subspan(i, count),
                                       secrets.subspan(i, count));
    if (!done) return emptied(secrets, done.error());
  }
  return {};
}

}  // namespace latchkey
