// What is behind the public classes of ML-KEM, and the one way past their private parts.
#pragma once

#include "latchkey/export.h"
#include "latchkey/mlkem768.hpp"
#include "memory/slots.hpp"
#include "mlkem/tables.hpp"

namespace latchkey {

// Plain data, and no pointer: where a bit of it flips, secrets come out wrong and nothing else
// happens. Any backend can use what another one computed.
struct internal::PrecomputedPublicKey {
  mlkem::PublicKey key;
};

struct SecretAccess {
  static internal::PrecomputedPublicKey* precomputed(const EncapsulationKey& key) noexcept {
    return key.key_;
  }
  static EncapsulationKey wrap(internal::PrecomputedPublicKey* key) noexcept {
    return EncapsulationKey(key);
  }

  // A key with room for its halves. Errors: those on memory.
  static Result<DecapsulationKey> allocate_key(bool has_seed) noexcept;
  // Errors: moved_from, inherited, purged.
  static Result<mlkem::SecretKey*> secret_key(const DecapsulationKey& key) noexcept {
    return memory::object_in<mlkem::SecretKey>(key.secret_);
  }

  // Room for a secret. Errors: those on memory.
  LATCHKEY_FOR_SEAL static Result<SharedSecret> allocate_secret() noexcept;
  static Result<void> check_after_use(const DecapsulationKey& key) noexcept {
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

static_assert(sizeof(mlkem::SecretKey) == 1600 && alignof(mlkem::SecretKey) == 64,
              "the arena has slots for it");

}  // namespace latchkey
