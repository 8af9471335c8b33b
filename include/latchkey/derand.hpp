// ML-KEM with the randomness given by the caller (FIPS 203, Algorithms 16 and 17).
//
// For test vectors, and for protocols that derive randomness by their own rules. Section 3.3 asks
// that applications do not use these: randomness that is known or used twice breaks the key.
#pragma once

#include "latchkey/batch.hpp"
#include "latchkey/export.h"
#include "latchkey/incremental.hpp"
#include "latchkey/mlkem1024.hpp"
#include "latchkey/mlkem512.hpp"
#include "latchkey/mlkem768.hpp"

LATCHKEY_API_BEGIN

namespace latchkey::derand {

// ML-KEM.KeyGen_internal(d, z). d and z: 32 random bytes each. Errors: those that mlkem.hpp begins
// with.
template <MlKem set = MlKem::k768>
[[nodiscard]] LATCHKEY_API Result<MlKemDecapsulationKey<set>> keygen(
    std::span<const std::uint8_t, 32> d, std::span<const std::uint8_t, 32> z) noexcept;

// ML-KEM.Encaps_internal(ek, m). m: 32 random bytes. Errors: the same, and moved_from.
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<MlKemEncapsulation<set>> encapsulate(
    const MlKemEncapsulationKey<set>& key, std::span<const std::uint8_t, 32> m) noexcept;

// MlKemIncrementalEncapsulation::begin() with m, 32 random bytes. Errors: those of begin().
template <MlKem set = MlKem::k768>
[[nodiscard]] LATCHKEY_API Result<MlKemEncapsulationStart<set>> begin_encapsulation(
    std::span<const std::uint8_t> header, std::span<const std::uint8_t, 32> m) noexcept;

// ML-KEM in batches. seeds: d || z, 64 random bytes a key; ms: 32 random bytes a key.
// Errors: batch_length, and those of the single functions. On error every output is empty.
template <MlKem set = MlKem::k768>
[[nodiscard]] LATCHKEY_API Result<void> generate_batch(
    std::span<const std::array<std::uint8_t, kSeedSize>> seeds,
    internal::SpanOf<MlKemDecapsulationKey<set>> keys) noexcept;
template <MlKem set = MlKem::k768>
[[nodiscard]] LATCHKEY_API Result<void> encapsulate_batch(
    internal::SpanOf<const MlKemEncapsulationKey<set>* const> keys,
    std::span<const std::array<std::uint8_t, 32>> ms,
    internal::SpanOf<MlKemEncapsulation<set>> results) noexcept;

}  // namespace latchkey::derand

LATCHKEY_API_END
