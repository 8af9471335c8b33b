// ML-KEM-512 (FIPS 203): the smallest parameter set, for devices and links that cannot afford
// ML-KEM-768. mlkem.hpp describes its classes.
#pragma once

#include "latchkey/mlkem.hpp"

namespace latchkey::mlkem512 {

// Sizes in bytes (FIPS 203, table 3).
inline constexpr std::size_t kEncapsulationKeySize = 800;
inline constexpr std::size_t kDecapsulationKeySize = 1632;  // in expanded form
inline constexpr std::size_t kCiphertextSize = 768;

// The public key of this parameter set.
using EncapsulationKey = MlKemEncapsulationKey<MlKem::k512>;
// Its private key.
using DecapsulationKey = MlKemDecapsulationKey<MlKem::k512>;
// What encapsulate() makes.
using Encapsulation = MlKemEncapsulation<MlKem::k512>;
// The part of that which is sent.
using Ciphertext = MlKemCiphertext<MlKem::k512>;

}  // namespace latchkey::mlkem512
