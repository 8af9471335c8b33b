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

bool usable(const EncapsulationKey* key) noexcept {
  return SecretAccess::prepared(*key) != nullptr;
}
bool usable(const DecapsulationKey* key) noexcept {
  return SecretAccess::prepared(*key) != nullptr;
}

// Fresh keys from given seeds, into empty objects.
Result<void> generate_some(std::span<const std::array<std::uint8_t, kSeedSize>> seeds,
                           std::span<DecapsulationKey> keys) noexcept {
  core::KeygenJob jobs[kKeysAtOnce];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    internal::PreparedPublicKey* pub;
    internal::PreparedSecretKey* secret;
    auto key = internal::allocate_key(&pub, &secret);
    if (!key) return key.error();
    secret->has_seed = true;
    jobs[i] = {&pub->key, &secret->key, seeds[i].data(), seeds[i].data() + 32};
    keys[i] = std::move(*key);
  }
  dispatch::kem_ops().keygen_many(jobs, keys.size());
  return {};
}

// The four at most that start at `first`.
void encapsulate_some(std::span<const EncapsulationKey* const> keys,
                      std::span<const std::array<std::uint8_t, 32>> ms,
                      std::span<Encapsulation> results) noexcept {
  core::EncapsJob jobs[core::kBatch];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    jobs[i] = {results[i].ciphertext.data(), SecretAccess::bytes(results[i].secret).data(),
               &SecretAccess::prepared(*keys[i])->key, ms[i].data()};
  }
  dispatch::kem_ops().encaps_four(jobs, keys.size());
  for (auto& result : results) {
    base::declassify(result.ciphertext.data(), result.ciphertext.size());  // c is sent in the clear
  }
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
    if (!usable(key)) return emptied(results, Error::moved_from);
  }
  for (std::size_t i = 0; i < keys.size(); i += core::kBatch) {
    const std::size_t count = std::min(core::kBatch, keys.size() - i);
    encapsulate_some(keys.subspan(i, count), ms.subspan(i, count), results.subspan(i, count));
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
    if (!usable(key)) return emptied(secrets, Error::moved_from);
  }
  for (std::size_t i = 0; i < keys.size(); i += core::kBatch) {
    const std::size_t count = std::min(core::kBatch, keys.size() - i);
    core::DecapsJob jobs[core::kBatch];
    for (std::size_t j = 0; j < count; ++j) {
      const DecapsulationKey& key = *keys[i + j];
      jobs[j] = {SecretAccess::bytes(secrets[i + j]).data(),
                 &SecretAccess::prepared(key.encapsulation_key())->key,
                 &SecretAccess::prepared(key)->key, ciphertexts[i + j].data()};
    }
    dispatch::kem_ops().decaps_four(jobs, count);
  }
  return {};
}

}  // namespace latchkey
