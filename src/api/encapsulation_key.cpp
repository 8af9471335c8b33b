// EncapsulationKey (FIPS 203, section 7.2).

#include "api/access.hpp"
#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"
#include "memory/owned.hpp"

namespace latchkey {

template <MlKem set>
MlKemEncapsulationKey<set>::MlKemEncapsulationKey(MlKemEncapsulationKey&& other) noexcept
    : key_(std::exchange(other.key_, nullptr)) {}

template <MlKem set>
MlKemEncapsulationKey<set>& MlKemEncapsulationKey<set>::operator=(
    MlKemEncapsulationKey&& other) noexcept {
  MlKemEncapsulationKey taken(std::move(other));
  std::swap(key_, taken.key_);
  return *this;
}

template <MlKem set>
MlKemEncapsulationKey<set>::~MlKemEncapsulationKey() {
  memory::release(key_);
}

template <MlKem set>
Result<MlKemEncapsulationKey<set>> MlKemEncapsulationKey<set>::parse(
    std::span<const std::uint8_t> bytes) noexcept {
  constexpr std::size_t kSize = sizes_of(set).encapsulation_key;
  if (bytes.size() != kSize) return Error::encapsulation_key_length;
  auto* precomputed = memory::allocate<internal::PrecomputedPublicKey<set>>();
  if (precomputed == nullptr) return Error::no_memory;
  MlKemEncapsulationKey key(precomputed);
  const auto check =
      kem_table<set>().precompute_ek_vartime(precomputed->key, bytes.template first<kSize>());
  if (check != mlkem::KeyCheck::passed) return Error::not_reduced;
  return key;
}

template <MlKem set>
Result<MlKemEncapsulationKey<set>> MlKemEncapsulationKey<set>::clone() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  auto* copy = memory::allocate<internal::PrecomputedPublicKey<set>>();
  if (copy == nullptr) return Error::no_memory;
  *copy = *key_;
  return MlKemEncapsulationKey(copy);
}

template <MlKem set>
Result<MlKemEncapsulation<set>> MlKemEncapsulationKey<set>::encapsulate() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  base::Scrubbed<std::array<std::uint8_t, mlkem::kSymBytes>> m;
  if (!memory::random_bytes(*m)) return Error::no_entropy;
  base::mark_secret(m->data(), m->size());
  return derand::encapsulate(*this, *m);
}

template <MlKem set>
std::span<const std::uint8_t> MlKemEncapsulationKey<set>::bytes() const& noexcept {
  if (key_ == nullptr) return {};
  return key_->key.ek;
}

// One variable is returned by all paths, so that the ciphertext is written where the caller has it.
template <MlKem set>
Result<MlKemEncapsulation<set>> derand::encapsulate(const MlKemEncapsulationKey<set>& key,
                                                    std::span<const std::uint8_t, 32> m) noexcept {
  Result<MlKemEncapsulation<set>> result(std::in_place);
  const auto* precomputed = SecretAccess::precomputed(key);
  if (precomputed == nullptr) {
    result = Error::moved_from;
    return result;
  }
  auto secret = make_secret([&](auto k) noexcept {
    kem_table<set>().encaps(result->ciphertext, k, precomputed->key, m);
  });
  base::declassify(result->ciphertext.data(), result->ciphertext.size());  // c is sent in the clear
  if (secret) {
    result->secret = std::move(*secret);
  } else {
    result = secret.error();
  }
  return result;
}

template class MlKemEncapsulationKey<MlKem::k512>;
template class MlKemEncapsulationKey<MlKem::k768>;
template class MlKemEncapsulationKey<MlKem::k1024>;
template Result<mlkem512::Encapsulation> derand::encapsulate(
    const mlkem512::EncapsulationKey&, std::span<const std::uint8_t, 32>) noexcept;
template Result<mlkem768::Encapsulation> derand::encapsulate(
    const mlkem768::EncapsulationKey&, std::span<const std::uint8_t, 32>) noexcept;
template Result<mlkem1024::Encapsulation> derand::encapsulate(
    const mlkem1024::EncapsulationKey&, std::span<const std::uint8_t, 32>) noexcept;

}  // namespace latchkey
