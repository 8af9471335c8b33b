// Incremental encapsulation: ML-KEM with the public key and the ciphertext each sent in two parts.
//
// For protocols that can send little at a time. Encapsulation begins with 64 bytes, the key header,
// and then gives most of the ciphertext. The rest of both may follow much later.
//
//   const auto parts = latchkey::parts_of(key.encapsulation_key());  // Alice sends parts->header
//   auto begun = latchkey::IncrementalEncapsulation::begin(header);  // Bob sends begun->c1
//   auto done = begun->state.finish(t_hat);    // Alice sent parts->t_hat; Bob sends done->c2
//   auto secret = key.decapsulate(ciphertext);   // c1 || c2: the same secret as done->secret
//
// The ciphertext is an ordinary one: any implementation of ML-KEM decapsulates it.
//
// begin() accepts any 64 bytes. Only finish() checks that they belong to a public key, and only
// then can anybody decapsulate. Like all of ML-KEM, this authenticates nobody. The rules at the top
// of mlkem.hpp hold here, too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "latchkey/export.h"
#include "latchkey/mlkem1024.hpp"
#include "latchkey/mlkem512.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey {
struct IncrementalAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey {

// The size in bytes of a key header, rho || H(ek), in all parameter sets.
inline constexpr std::size_t kKeyHeaderSize = 64;

// Sizes of the other parts, in bytes.
struct MlKemPartSizes {
  std::size_t t_hat;  // of the public key, which is t_hat || rho
  std::size_t c1;     // of the ciphertext, which is c1 || c2
  std::size_t c2;     // the rest of the ciphertext
};
// The sizes of a parameter set.
constexpr MlKemPartSizes part_sizes_of(MlKem set) noexcept {
  switch (set) {
    case MlKem::k512:
      return {768, 640, 128};
    case MlKem::k768:
      return {1152, 960, 128};
    case MlKem::k1024:
      return {1536, 1408, 160};
  }
  return {};
}

// A public key in two parts. Not secret.
template <MlKem set>
struct MlKemKeyParts {
  static_assert(sizes_of(set).encapsulation_key == part_sizes_of(set).t_hat + 32 &&
                sizes_of(set).ciphertext == part_sizes_of(set).c1 + part_sizes_of(set).c2);
  std::array<std::uint8_t, kKeyHeaderSize> header{};           // to be sent first
  std::array<std::uint8_t, part_sizes_of(set).t_hat> t_hat{};  // to be sent later
};

// The parts of a key. Errors: moved_from.
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<MlKemKeyParts<set>> parts_of(
    const MlKemEncapsulationKey<set>& key) noexcept;

template <MlKem set>
struct MlKemEncapsulationStart;
template <MlKem set>
struct MlKemEncapsulationEnd;

// An encapsulation between its two steps. Its 32 secret bytes, m, are in locked memory.
template <MlKem set>
class LATCHKEY_API MlKemIncrementalEncapsulation {
 public:
  // The first step of ML-KEM.Encaps (Algorithm 20) with fresh randomness, from a key header.
  // Errors: key_part_length, no_entropy, no_memory.
  [[nodiscard]] static Result<MlKemEncapsulationStart<set>> begin(
      std::span<const std::uint8_t> header) noexcept;

  // Empty, as if moved away.
  MlKemIncrementalEncapsulation() noexcept = default;

  // The second step, from t_hat. Checks that H(t_hat || rho) is the hash in the key header, and
  // makes the modulus check of FIPS 203, section 7.2, on t_hat. On success m is wiped, and this
  // object is empty: it can finish only once. If t_hat is refused, the object stays as it was, and
  // another t_hat can be tried. Errors: key_part_length; key_part_mismatch, if t_hat belongs to
  // another key than the key header; not_reduced; moved_from, also after success; no_memory.
  [[nodiscard]] Result<MlKemEncapsulationEnd<set>> finish(
      std::span<const std::uint8_t> t_hat) noexcept;

  // The secret that finish() will give, before t_hat is there and checked. FIPS 203 requires the
  // check first: use this only in a protocol that was analysed with such an early secret. The peer
  // can compute the secret once it has c2. If t_hat never comes, or is refused, nobody else can
  // ever compute it, not even the peer that chose the key header: wipe the secret, and do not use
  // it. Errors: moved_from, no_memory.
  [[nodiscard]] Result<SharedSecret> early_secret() const noexcept;

  // False only under Policy::best_effort, or if empty.
  [[nodiscard]] bool is_locked() const noexcept;

 private:
  friend struct IncrementalAccess;

  std::array<std::uint8_t, kKeyHeaderSize> header_{};
  internal::SecretSlot m_;
};

// What begin() makes.
template <MlKem set>
struct MlKemEncapsulationStart {
  std::array<std::uint8_t, part_sizes_of(set).c1> c1{};  // to be sent. Not secret
  MlKemIncrementalEncapsulation<set> state;              // to be finished
};

// What finish() makes.
template <MlKem set>
struct MlKemEncapsulationEnd {
  std::array<std::uint8_t, part_sizes_of(set).c2> c2{};  // to be sent. Not secret
  SharedSecret secret;                                   // the same as decapsulate() gives
};

namespace mlkem512 {
// Incremental encapsulation of this parameter set.
using IncrementalEncapsulation = MlKemIncrementalEncapsulation<MlKem::k512>;
}  // namespace mlkem512
namespace mlkem768 {
// Incremental encapsulation of this parameter set.
using IncrementalEncapsulation = MlKemIncrementalEncapsulation<MlKem::k768>;
}  // namespace mlkem768
namespace mlkem1024 {
// Incremental encapsulation of this parameter set.
using IncrementalEncapsulation = MlKemIncrementalEncapsulation<MlKem::k1024>;
}  // namespace mlkem1024
using mlkem768::IncrementalEncapsulation;

// The library has these, and no other ones.
extern template class MlKemIncrementalEncapsulation<MlKem::k512>;
extern template class MlKemIncrementalEncapsulation<MlKem::k768>;
extern template class MlKemIncrementalEncapsulation<MlKem::k1024>;

}  // namespace latchkey

LATCHKEY_API_END
