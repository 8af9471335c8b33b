// Batches of X-Wing: eight X25519 operations side by side, and four of ML-KEM.

#include <algorithm>

#include "api/access.hpp"
#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "dispatch/dispatch.hpp"
#include "hybrid/xwing_access.hpp"
#include "latchkey/batch.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "memory/entropy.hpp"

namespace latchkey::xwing {
namespace {

using base::In;
using base::Out;
using base::Scrubbed;

constexpr std::size_t kAtOnce = x25519::kBatch;

using EncapsulationSeed = std::array<std::uint8_t, kEncapsulationSeedSize>;

// ss_M || ss_X of each operation.
using Halves = std::array<std::array<std::uint8_t, hybrid::kHybridSecretSize>, kAtOnce>;

Result<void> clear_all(std::span<Encapsulation> results, Error error) noexcept {
  for (auto& result : results) result = Encapsulation();
  return error;
}
Result<void> clear_all(std::span<SharedSecret> secrets, Error error) noexcept {
  for (auto& secret : secrets) secret = SharedSecret();
  return error;
}

// Errors: low_order.
Result<void> run(std::span<const x25519::Job> jobs) noexcept {
  dispatch::x25519_table().run_jobs(jobs.data(), jobs.size());
  for (const auto& job : jobs) {
    LATCHKEY_TRY(hybrid::check_shared(Out<kSize>(job.shared, kSize)));
  }
  return {};
}

// f(jobs, how many) for at most kBatch jobs at a time.
template <class Job, class F>
void run_some_at_a_time(std::span<const Job> jobs, F f) noexcept {
  for (std::size_t i = 0; i < jobs.size(); i += mlkem::kBatch) {
    f(jobs.data() + i, std::min(mlkem::kBatch, jobs.size() - i));
  }
}

// At most kAtOnce of them, of keys that are not empty.
Result<void> encapsulate_some(std::span<const EncapsulationKey* const> keys,
                              std::span<const EncapsulationSeed> eseeds,
                              std::span<Encapsulation> results) noexcept {
  Scrubbed<Halves> halves;
  x25519::Job jobs_X[kAtOnce];
  mlkem::EncapsJob<mlkem::kMlKem768> jobs_M[kAtOnce];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& pk = *KeyAccess::precomputed(*keys[i]);
    auto& ct = results[i].ciphertext;
    auto& both = (*halves)[i];
    jobs_X[i] = {ct.data() + latchkey::kCiphertextSize, both.data() + kSharedSecretSize,
                 eseeds[i].data() + 32, pk_X(pk).data()};
    jobs_M[i] = {ct.data(), both.data(), &SecretAccess::precomputed(pk.pk_M)->key,
                 eseeds[i].data()};
  }
  LATCHKEY_TRY(run(std::span(jobs_X).first(keys.size())));
  run_some_at_a_time(std::span<const mlkem::EncapsJob<mlkem::kMlKem768>>(jobs_M).first(keys.size()),
                     kem_table<MlKem::k768>().encaps_four);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& ct = results[i].ciphertext;
    base::declassify(ct.data(), ct.size());  // it is sent in the clear
    auto secret = LATCHKEY_TRY(make_secret([&](Out<kSharedSecretSize> ss) noexcept {
      combine(ss, (*halves)[i], ct, pk_X(*KeyAccess::precomputed(*keys[i])));
    }));
    results[i].secret = std::move(secret);
  }
  return {};
}

Result<void> decapsulate_some(std::span<const DecapsulationKey* const> keys,
                              std::span<const Ciphertext> ciphertexts,
                              std::span<SharedSecret> secrets) noexcept {
  Scrubbed<Halves> halves;
  x25519::Job jobs_X[kAtOnce];
  mlkem::DecapsJob<mlkem::kMlKem768> jobs_M[kAtOnce];
  const OpenSecrets open;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto seeds = LATCHKEY_TRY(KeyAccess::seeds(*keys[i]));
    const auto& sk_M = KeyAccess::sk_M(*keys[i]);
    const auto secret_M = LATCHKEY_TRY(SecretAccess::secret_key(sk_M));
    const auto& ct = ciphertexts[i];
    auto& both = (*halves)[i];
    jobs_X[i] = {nullptr, both.data() + kSharedSecretSize, seeds->sk_X,
                 ct.data() + latchkey::kCiphertextSize};
    jobs_M[i] = {both.data(), &SecretAccess::precomputed(sk_M.encapsulation_key())->key, secret_M,
                 ct.data()};
  }
  LATCHKEY_TRY(run(std::span(jobs_X).first(keys.size())));
  run_some_at_a_time(std::span<const mlkem::DecapsJob<mlkem::kMlKem768>>(jobs_M).first(keys.size()),
                     kem_table<MlKem::k768>().decaps_four);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& public_key = *KeyAccess::precomputed(keys[i]->encapsulation_key());
    auto secret = LATCHKEY_TRY(make_secret([&](Out<kSharedSecretSize> ss) noexcept {
      combine(ss, (*halves)[i], ciphertexts[i], pk_X(public_key));
    }));
    LATCHKEY_TRY(SecretAccess::check_after_use(KeyAccess::sk_M(*keys[i])));
    LATCHKEY_TRY(KeyAccess::check_after_use(*keys[i]));
    secrets[i] = std::move(secret);
  }
  return {};
}

}  // namespace

Result<void> encapsulate_batch(std::span<const EncapsulationKey* const> keys,
                               std::span<Encapsulation> results) noexcept {
  if (keys.size() != results.size()) return clear_all(results, Error::batch_length);
  Scrubbed<std::array<EncapsulationSeed, kAtOnce>> eseeds;
  for (std::size_t i = 0; i < keys.size(); i += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, keys.size() - i);
    const std::span bytes(reinterpret_cast<std::uint8_t*>(&*eseeds),
                          count * kEncapsulationSeedSize);
    if (!memory::random_bytes(bytes)) return clear_all(results, Error::no_entropy);
    base::mark_secret(bytes.data(), bytes.size());
    const auto done = derand::encapsulate_batch(
        keys.subspan(i, count), std::span(*eseeds).first(count), results.subspan(i, count));
    if (!done) return clear_all(results, done.error());
  }
  return {};
}

Result<void> decapsulate_batch(std::span<const DecapsulationKey* const> keys,
                               std::span<const Ciphertext> ciphertexts,
                               std::span<SharedSecret> secrets) noexcept {
  if (keys.size() != secrets.size() || ciphertexts.size() != secrets.size()) {
    return clear_all(secrets, Error::batch_length);
  }
  for (std::size_t i = 0; i < keys.size(); i += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, keys.size() - i);
    const auto done = decapsulate_some(keys.subspan(i, count), ciphertexts.subspan(i, count),
                                       secrets.subspan(i, count));
    if (!done) return clear_all(secrets, done.error());
  }
  return {};
}

}  // namespace latchkey::xwing

namespace latchkey {

Result<void> derand::encapsulate_batch(
    std::span<const xwing::EncapsulationKey* const> keys,
    std::span<const std::array<std::uint8_t, xwing::kEncapsulationSeedSize>> eseeds,
    std::span<xwing::Encapsulation> results) noexcept {
  if (keys.size() != results.size() || eseeds.size() != results.size()) {
    return xwing::clear_all(results, Error::batch_length);
  }
  for (const auto* key : keys) {
    if (xwing::KeyAccess::precomputed(*key) == nullptr) {
      return xwing::clear_all(results, Error::moved_from);
    }
  }
  for (std::size_t i = 0; i < keys.size(); i += xwing::kAtOnce) {
    const std::size_t count = std::min(xwing::kAtOnce, keys.size() - i);
    const auto done = xwing::encapsulate_some(keys.subspan(i, count), eseeds.subspan(i, count),
                                              results.subspan(i, count));
    if (!done) return xwing::clear_all(results, done.error());
  }
  return {};
}

}  // namespace latchkey
