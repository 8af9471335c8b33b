// What the public key classes point to, and the one way past their private parts.
#pragma once

#include "core/ops.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey {

namespace internal {

struct PreparedPublicKey {
  const core::KemOps* ops;  // the row that expanded the key goes on using it
  core::PublicKey key;
};

struct PreparedSecretKey {
  core::SecretKey key;
  bool has_seed;
};

// A key whose two halves are allocated and not yet filled. Error: no_memory.
Result<DecapsulationKey> allocate_key(PreparedPublicKey** pub, PreparedSecretKey** secret) noexcept;

}  // namespace internal

struct SecretAccess {
  static std::span<std::uint8_t, kSharedSecretSize> bytes(SharedSecret& secret) noexcept {
    return secret.bytes_;
  }
  static internal::PreparedPublicKey* prepared(const EncapsulationKey& key) noexcept {
    return key.key_;
  }
  static internal::PreparedSecretKey* prepared(const DecapsulationKey& key) noexcept {
    return key.secret_;
  }
  static EncapsulationKey wrap(internal::PreparedPublicKey* key) noexcept {
    return EncapsulationKey(key);
  }
  static DecapsulationKey wrap(EncapsulationKey pub, internal::PreparedSecretKey* key) noexcept {
    return DecapsulationKey(std::move(pub), key);
  }
};

}  // namespace latchkey
