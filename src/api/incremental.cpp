// Incremental encapsulation (FIPS 203, sections 6.2 and 7.2).
#include "latchkey/incremental.hpp"

#include "api/access.hpp"
#include "api/hash.hpp"
#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"

namespace latchkey {
namespace {

using mlkem::kSymBytes;
using Header = std::span<const std::uint8_t, kKeyHeaderSize>;

std::span<const std::uint8_t, kSymBytes> rho_in(Header header) noexcept {
  return header.first<kSymBytes>();
}
std::span<const std::uint8_t, kSymBytes> h_in(Header header) noexcept {
  return header.last<kSymBytes>();
}

}  // namespace

struct IncrementalAccess {
  template <MlKem set>
  static Result<MlKemEncapsulationStart<set>> begin(
      Header header, std::span<const std::uint8_t, kSymBytes> m) noexcept {
    Result<MlKemEncapsulationStart<set>> start(std::in_place);
    auto slot = LATCHKEY_TRY(memory::allocate_slot(kSymBytes));
    const auto kept = LATCHKEY_TRY(memory::bytes_of(slot));
    const OpenSecrets open(OpenSecrets::Rights::write);
    base::copy_secret(kept, m.data(), m.size());
    kem_table<set>().encaps_begin(start->c1, rho_in(header), h_in(header), m);
    base::declassify(start->c1.data(), start->c1.size());  // c1 is sent in the clear
    LATCHKEY_TRY(memory::check_after_use(slot));
    std::memcpy(start->state.header_.data(), header.data(), header.size());
    start->state.m_ = std::move(slot);
    return start;
  }
};

template <MlKem set>
Result<MlKemKeyParts<set>> parts_of(const MlKemEncapsulationKey<set>& key) noexcept {
  const auto* const precomputed = SecretAccess::precomputed(key);
  if (precomputed == nullptr) return Error::moved_from;
  const std::span ek(precomputed->key.ek);
  Result<MlKemKeyParts<set>> parts(std::in_place);
  const auto t_hat = std::span(parts->t_hat);
  std::memcpy(t_hat.data(), ek.data(), t_hat.size());
  std::memcpy(parts->header.data(), ek.data() + t_hat.size(), kSymBytes);  // rho
  std::memcpy(parts->header.data() + kSymBytes, precomputed->key.h, kSymBytes);
  return parts;
}

template <MlKem set>
Result<MlKemEncapsulationStart<set>> MlKemIncrementalEncapsulation<set>::begin(
    std::span<const std::uint8_t> header) noexcept {
  if (header.size() != kKeyHeaderSize) return Error::key_part_length;
  base::Scrubbed<std::array<std::uint8_t, kSymBytes>> m;
  if (!memory::random_bytes(*m)) return Error::no_entropy;
  base::mark_secret(m->data(), m->size());
  return derand::begin_encapsulation<set>(header, *m);
}

template <MlKem set>
Result<MlKemEncapsulationEnd<set>> MlKemIncrementalEncapsulation<set>::finish(
    std::span<const std::uint8_t> t_hat) noexcept {
  const auto m = LATCHKEY_TRY(memory::bytes_of(m_));
  constexpr std::size_t kSize = part_sizes_of(set).t_hat;
  if (t_hat.size() != kSize) return Error::key_part_length;
  Result<MlKemEncapsulationEnd<set>> end(std::in_place);
  auto found = mlkem::KeyCheck::passed;
  auto secret = LATCHKEY_TRY(make_secret([&](auto K) noexcept {
    found = kem_table<set>().encaps_finish(end->c2, K, t_hat.template first<kSize>(),
                                           rho_in(header_), h_in(header_),
                                           std::span<const std::uint8_t, kSymBytes>(m, kSymBytes));
  }));
  base::declassify(end->c2.data(), end->c2.size());  // c2 is sent in the clear
  // Also if t_hat is refused: a purge() meanwhile is what the caller has to know of.
  LATCHKEY_TRY(memory::check_after_use(m_));
  if (found == mlkem::KeyCheck::hash_mismatch) return Error::key_part_mismatch;
  if (found == mlkem::KeyCheck::not_reduced) return Error::not_reduced;
  end->secret = std::move(secret);
  m_ = internal::SecretSlot();
  return end;
}

// K is the first half of G(m || H(ek)): Algorithm 17, step 1.
template <MlKem set>
Result<SharedSecret> MlKemIncrementalEncapsulation<set>::early_secret() const noexcept {
  const auto m = LATCHKEY_TRY(memory::bytes_of(m_));
  auto secret = make_secret([&](auto K) noexcept {
    base::Scrubbed<std::array<std::uint8_t, 2 * kSymBytes>> g;
    hash(*g, {mlkem::kSha3_512Rate, mlkem::kSha3Domain}, {{m, kSymBytes}, h_in(header_)});
    base::copy_secret(K.data(), g->data(), K.size());
  });
  LATCHKEY_TRY(memory::check_after_use(m_));
  return secret;
}

template <MlKem set>
bool MlKemIncrementalEncapsulation<set>::is_locked() const noexcept {
  return memory::is_locked(m_);
}

template <MlKem set>
Result<MlKemEncapsulationStart<set>> derand::begin_encapsulation(
    std::span<const std::uint8_t> header, std::span<const std::uint8_t, 32> m) noexcept {
  if (header.size() != kKeyHeaderSize) return Error::key_part_length;
  return IncrementalAccess::begin<set>(header.first<kKeyHeaderSize>(), m);
}

template class MlKemIncrementalEncapsulation<MlKem::k512>;
template Result<MlKemKeyParts<MlKem::k512>> parts_of(const mlkem512::EncapsulationKey&) noexcept;
template Result<MlKemEncapsulationStart<MlKem::k512>> derand::begin_encapsulation<MlKem::k512>(
    std::span<const std::uint8_t>, std::span<const std::uint8_t, 32>) noexcept;
template class MlKemIncrementalEncapsulation<MlKem::k768>;
template Result<MlKemKeyParts<MlKem::k768>> parts_of(const mlkem768::EncapsulationKey&) noexcept;
template Result<MlKemEncapsulationStart<MlKem::k768>> derand::begin_encapsulation<MlKem::k768>(
    std::span<const std::uint8_t>, std::span<const std::uint8_t, 32>) noexcept;
template class MlKemIncrementalEncapsulation<MlKem::k1024>;
template Result<MlKemKeyParts<MlKem::k1024>> parts_of(const mlkem1024::EncapsulationKey&) noexcept;
template Result<MlKemEncapsulationStart<MlKem::k1024>> derand::begin_encapsulation<MlKem::k1024>(
    std::span<const std::uint8_t>, std::span<const std::uint8_t, 32>) noexcept;

}  // namespace latchkey
