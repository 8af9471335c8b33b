// Many operations of ML-KEM or X-Wing at once. Four share each run of the hash function, and
// with AVX-512 IFMA eight share the arithmetic of X25519, which makes a batch faster than the same
// operations one by one, with the same results.
//
//   std::vector<latchkey::SharedSecret> secrets(ciphertexts.size());
//   auto done = latchkey::decapsulate_batch(keys, ciphertexts, secrets);   // ML-KEM-768
//   auto other = latchkey::generate_batch<latchkey::MlKem::k1024>(keys_of_1024);
//
// Any length will do, also none; a key may stand in a batch many times. On error every output is
// empty. Thread-safe like the single operations. Errors are those of the single operations, and
// batch_length.
#pragma once

#include <span>
#include <type_traits>

#include "latchkey/export.h"
#include "latchkey/mlkem768.hpp"
#include "latchkey/xwing.hpp"

LATCHKEY_API_BEGIN

namespace latchkey {

namespace internal {
// From what is not looked at to find out the parameter set.
template <class T>
using SpanOf = std::type_identity_t<std::span<T>>;
}  // namespace internal

// Fills `keys` with fresh keys: DecapsulationKey::generate() for each.
template <MlKem set = MlKem::k768>
[[nodiscard]] LATCHKEY_API Result<void> generate_batch(
    internal::SpanOf<MlKemDecapsulationKey<set>> keys) noexcept;

// results[i] = keys[i]->encapsulate(). No pointer may be null.
template <MlKem set = MlKem::k768>
[[nodiscard]] LATCHKEY_API Result<void> encapsulate_batch(
    internal::SpanOf<const MlKemEncapsulationKey<set>* const> keys,
    internal::SpanOf<MlKemEncapsulation<set>> results) noexcept;

// secrets[i] = keys[i]->decapsulate(ciphertexts[i]). No pointer may be null.
template <MlKem set = MlKem::k768>
[[nodiscard]] LATCHKEY_API Result<void> decapsulate_batch(
    internal::SpanOf<const MlKemDecapsulationKey<set>* const> keys,
    internal::SpanOf<const MlKemCiphertext<set>> ciphertexts,
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
