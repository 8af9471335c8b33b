// What is behind the public classes of ML-KEM, and the one way past their private parts.
#pragma once

#include "dispatch/dispatch.hpp"
#include "latchkey/export.h"
#include "latchkey/mlkem768.hpp"
#include "memory/slots.hpp"
#include "mlkem/tables.hpp"

namespace latchkey {

template <MlKem set>
inline constexpr mlkem::ParameterSet kParameters = set == MlKem::k512   ? mlkem::kMlKem512
                                                   : set == MlKem::k768 ? mlkem::kMlKem768
                                                                        : mlkem::kMlKem1024;

// What the backend in use has for a parameter set.
template <MlKem set>
const mlkem::KemTable<kParameters<set>>& kem_table() noexcept {
  return dispatch::kem_table<kParameters<set>>();
}

// Plain data, and no pointer: where a bit of it flips, secrets come out wrong and nothing else
// happens. Any backend can use what another one computed.
template <MlKem set>
struct internal::PrecomputedPublicKey {
  mlkem::PublicKey<kParameters<set>> key;
};

struct SecretAccess {
  template <MlKem set>
  static internal::PrecomputedPublicKey<set>* precomputed(
      const MlKemEncapsulationKey<set>& key) noexcept {
    return key.key_;
  }
  template <MlKem set>
  static MlKemEncapsulationKey<set> wrap(internal::PrecomputedPublicKey<set>* key) noexcept {
    return MlKemEncapsulationKey<set>(key);
  }

  // A key with room for its halves. Errors: those on memory.
  template <MlKem set>
  static Result<MlKemDecapsulationKey<set>> allocate_key(bool has_seed) noexcept;
  // Errors: moved_from, inherited, purged.
  template <MlKem set>
  static Result<mlkem::SecretKey<kParameters<set>>*> secret_key(
      const MlKemDecapsulationKey<set>& key) noexcept {
    return memory::object_in<mlkem::SecretKey<kParameters<set>>>(key.secret_);
  }

  // Room for a secret. Errors: those on memory.
  LATCHKEY_FOR_SEAL static Result<SharedSecret> allocate_secret() noexcept;
  template <MlKem set>
  static Result<void> check_after_use(const MlKemDecapsulationKey<set>& key) noexcept {
    return memory::check_after_use(key.secret_);
  }
  static Result<void> check_after_use(const SharedSecret& secret) noexcept {
    return memory::check_after_use(secret.slot_);
  }
  // Errors: moved_from, inherited, purged.
  static Result<std::uint8_t*> bytes(const SharedSecret& secret) noexcept {
    return memory::bytes_of(secret.slot_);
  }
};

}  // namespace latchkey
