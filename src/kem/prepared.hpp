// What is behind the public classes, and the one way past their private parts.
#pragma once

#include "core/ops.hpp"
#include "latchkey/export.h"
#include "latchkey/mlkem768.hpp"
#include "memory/arena.hpp"

namespace latchkey {

// Plain data, and no pointer: where a bit of it flips, secrets come out wrong and nothing else
// happens. Any row can use what another one expanded.
struct internal::PreparedPublicKey {
  core::PublicKey key;
};

struct SecretAccess {
  static internal::PreparedPublicKey* prepared(const EncapsulationKey& key) noexcept {
    return key.key_;
  }
  static EncapsulationKey wrap(internal::PreparedPublicKey* key) noexcept {
    return EncapsulationKey(key);
  }

  // A key with room for its halves. Errors: those on memory.
  static Result<DecapsulationKey> allocate_key(bool has_seed) noexcept;
  // Errors: moved_from, inherited, purged.
  static Result<core::SecretKey*> secret_key(const DecapsulationKey& key) noexcept {
    return memory::object_in<core::SecretKey>(key.secret_);
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

static_assert(sizeof(core::SecretKey) == 1600 && alignof(core::SecretKey) == 64,
              "the arena has slots for it");

// The secret that fill(std::span<std::uint8_t, 32>) writes. No secret that is made while a purge()
// runs comes out. Errors: those on memory, purged.
template <class F>
Result<SharedSecret> make_secret(F fill) noexcept {
  auto secret = SecretAccess::allocate_secret();
  if (!secret) return secret;
  const auto bytes = SecretAccess::bytes(*secret);
  if (!bytes) return bytes.error();
  const OpenSecrets open(OpenSecrets::Rights::write);
  fill(std::span<std::uint8_t, kSharedSecretSize>(*bytes, kSharedSecretSize));
  if (const auto still = SecretAccess::check_after_use(*secret); !still) return still.error();
  return secret;
}

// The end of a pairwise test. Errors: inconsistent_key, if the two secrets differ; purged.
LATCHKEY_FOR_SEAL Result<void> must_agree(const SharedSecret& ours,
                                          const SharedSecret& theirs) noexcept;

}  // namespace latchkey
