// EncapsulationKey (FIPS 203, section 7.2).

#include "api/access.hpp"
#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "dispatch/dispatch.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"
#include "memory/owned.hpp"

namespace latchkey {

EncapsulationKey::EncapsulationKey(EncapsulationKey&& other) noexcept
    : key_(std::exchange(other.key_, nullptr)) {}

EncapsulationKey& EncapsulationKey::operator=(EncapsulationKey&& other) noexcept {
  EncapsulationKey taken(std::move(other));
  std::swap(key_, taken.key_);
  return *this;
}

EncapsulationKey::~EncapsulationKey() { memory::release(key_); }

Result<EncapsulationKey> EncapsulationKey::parse(std::span<const std::uint8_t> bytes) noexcept {
  if (bytes.size() != kEncapsulationKeySize) return Error::encapsulation_key_length;
  auto* precomputed = memory::allocate<internal::PrecomputedPublicKey>();
  if (precomputed == nullptr) return Error::no_memory;
  EncapsulationKey key(precomputed);
  const auto check = dispatch::kem_table().precompute_ek_vartime(
      precomputed->key, bytes.first<kEncapsulationKeySize>());
  if (check != mlkem::KeyCheck::passed) return Error::not_reduced;
  return key;
}

Result<EncapsulationKey> EncapsulationKey::clone() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  auto* copy = memory::allocate<internal::PrecomputedPublicKey>();
  if (copy == nullptr) return Error::no_memory;
  *copy = *key_;
  return EncapsulationKey(copy);
}

Result<Encapsulation> EncapsulationKey::encapsulate() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  base::Scrubbed<std::array<std::uint8_t, mlkem::kSymBytes>> m;
  if (!memory::random_bytes(*m)) return Error::no_entropy;
  base::mark_secret(m->data(), m->size());
  return derand::encapsulate(*this, *m);
}

std::span<const std::uint8_t> EncapsulationKey::bytes() const& noexcept {
  if (key_ == nullptr) return {};
  return key_->key.ek;
}

// One variable is returned by all paths, so that the ciphertext is written where the caller has it.
Result<Encapsulation> derand::encapsulate(const EncapsulationKey& key,
                                          std::span<const std::uint8_t, 32> m) noexcept {
  Result<Encapsulation> result(std::in_place);
  const auto* precomputed = SecretAccess::precomputed(key);
  if (precomputed == nullptr) {
    result = Error::moved_from;
    return result;
  }
  auto secret = make_secret([&](auto k) noexcept {
    dispatch::kem_table().encaps(result->ciphertext, k, precomputed->key, m);
  });
  base::declassify(result->ciphertext.data(), kCiphertextSize);  // c is sent in the clear
  if (secret) {
    result->secret = std::move(*secret);
  } else {
    result = secret.error();
  }
  return result;
}

}  // namespace latchkey
