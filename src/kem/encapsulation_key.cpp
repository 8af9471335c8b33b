// EncapsulationKey and SharedSecret (FIPS 203, section 7.2).

#include "base/secrecy.hpp"
#include "base/wipe.hpp"
#include "dispatch/dispatch.hpp"
#include "kem/prepared.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"
#include "memory/owned.hpp"

namespace latchkey {

Result<SharedSecret> SecretAccess::allocate_secret() noexcept {
  auto slot = memory::allocate_slot(kSharedSecretSize);
  if (!slot) return slot.error();
  SharedSecret secret;
  secret.slot_ = std::move(*slot);
  return secret;
}

Result<std::span<const std::uint8_t, kSharedSecretSize>> SharedSecret::expose() const& noexcept {
  const auto bytes = memory::bytes_of(slot_);
  if (!bytes) return bytes.error();
  return std::span<const std::uint8_t, kSharedSecretSize>(*bytes, kSharedSecretSize);
}

bool SharedSecret::is_locked() const noexcept { return memory::is_locked(slot_); }

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
  auto* prepared = memory::allocate<internal::PreparedPublicKey>();
  if (prepared == nullptr) return Error::no_memory;
  EncapsulationKey key(prepared);
  const auto check =
      dispatch::kem_ops().expand_ek_vartime(prepared->key, bytes.first<kEncapsulationKeySize>());
  if (check != core::KeyCheck::passed) return Error::not_reduced;
  return key;
}

Result<EncapsulationKey> EncapsulationKey::clone() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  auto* copy = memory::allocate<internal::PreparedPublicKey>();
  if (copy == nullptr) return Error::no_memory;
  *copy = *key_;
  return EncapsulationKey(copy);
}

Result<Encapsulation> EncapsulationKey::encapsulate() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  base::Scrubbed<std::array<std::uint8_t, core::kSymBytes>> m;
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
  const auto* prepared = SecretAccess::prepared(key);
  if (prepared == nullptr) {
    result = Error::moved_from;
    return result;
  }
  auto secret = make_secret([&](auto k) noexcept {
    dispatch::kem_ops().encaps(result->ciphertext, k, prepared->key, m);
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
