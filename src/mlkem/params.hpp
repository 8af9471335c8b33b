// The parameters of ML-KEM-768 (FIPS 203, tables 2 and 3) and the sizes that follow from them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace latchkey::mlkem {

inline constexpr std::size_t kN = 256;    // coefficients in a polynomial
inline constexpr std::int32_t kQ = 3329;  // the modulus
inline constexpr std::size_t kK = 3;      // rank of the module
inline constexpr std::size_t kEta = 2;    // eta_1 = eta_2: the width of the noise
inline constexpr unsigned kDu = 10;       // bits kept of a coefficient of u
inline constexpr unsigned kDv = 4;        // bits kept of a coefficient of v

// Bytes of a polynomial encoded with d bits a coefficient (ByteEncode_d).
constexpr std::size_t encoded_size(unsigned d) { return kN / 8 * d; }

inline constexpr std::size_t kSymBytes = 32;             // seeds, messages, hashes, shared secrets
inline constexpr std::size_t kSeedSize = 2 * kSymBytes;  // d || z
inline constexpr std::size_t kVectorSize = kK * encoded_size(12);              // 1152
inline constexpr std::size_t kEncapsulationKeySize = kVectorSize + kSymBytes;  // 1184
inline constexpr std::size_t kDecapsulationKeySize =
    kVectorSize + kEncapsulationKeySize + 2 * kSymBytes;                                    // 2400
inline constexpr std::size_t kCiphertextSize = kK * encoded_size(kDu) + encoded_size(kDv);  // 1088
inline constexpr std::size_t kSharedSecretSize = kSymBytes;

inline constexpr std::size_t kNoiseSize = 64 * kEta;  // bytes of PRF output for one polynomial

static_assert(kEncapsulationKeySize == 1184 && kDecapsulationKeySize == 2400);
static_assert(kCiphertextSize == 1088);

}  // namespace latchkey::mlkem
