// Many operations of ML-KEM-768 or X-Wing at once. Four share each run of the hash function, and
// with AVX-512 IFMA eight share the arithmetic of X25519, which makes a batch faster than the same
// operations one by one, with the same results.
//
//   std::vector<latchkey::SharedSecret> secrets(ciphertexts.size());
//   auto done = latchkey::decapsulate_batch(keys, ciphertexts, secrets);
//
// Any length will do, also none; a key may stand in a batch many times. On error every output is
// empty. Thread-safe like the single operations. Errors are those of the single operations, and
// batch_length.
#pragma once

#include "latchkey/export.h"
#include "latchkey/mlkem768.hpp"
#include "latchkey/xwing.hpp"

LATCHKEY_API_BEGIN

namespace latchkey {

// Fills `keys` with fresh keys: DecapsulationKey::generate() for each.
[[nodiscard]] Result<void> generate_batch(std::span<DecapsulationKey> keys) noexcept;

// results[i] = keys[i]->encapsulate(). No pointer may be null.
[[nodiscard]] Result<void> encapsulate_batch(std::span<const EncapsulationKey* const> keys,
                                             std::span<Encapsulation> results) noexcept;

// secrets[i] = keys[i]->decapsulate(ciphertexts[i]). No pointer may be null.
[[nodiscard]] Result<void> decapsulate_batch(std::span<const DecapsulationKey* const> keys,
                                             std::span<const Ciphertext> ciphertexts,
                                             std::span<SharedSecret> secrets) noexcept;

// X-Wing's.
namespace xwing {

// results[i] = keys[i]->encapsulate(). No pointer may be null.
[[nodiscard]] Result<void> encapsulate_batch(std::span<const EncapsulationKey* const> keys,
                                             std::span<Encapsulation> results) noexcept;

// secrets[i] = keys[i]->decapsulate(ciphertexts[i]). No pointer may be null. A ciphertext with an
// X25519 half of low order fails the whole batch, as low_order: then decapsulate one by one.
[[nodiscard]] Result<void> decapsulate_batch(std::span<const DecapsulationKey* const> keys,
                                             std::span<const Ciphertext> ciphertexts,
                                             std::span<SharedSecret> secrets) noexcept;

}  // namespace xwing
}  // namespace latchkey

LATCHKEY_API_END
