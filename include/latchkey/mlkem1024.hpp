// ML-KEM-1024 (FIPS 203): the strongest parameter set, the one that CNSA 2.0 asks for. mlkem.hpp
// describes its classes. A public key and a ciphertext have the same size here, 1568 bytes: the
// length does not tell which of them was received.
#pragma once

#include "latchkey/mlkem.hpp"

namespace latchkey::mlkem1024 {

// Sizes in bytes (FIPS 203, table 3).
inline constexpr std::size_t kEncapsulationKeySize = 1568;
inline constexpr std::size_t kDecapsulationKeySize = 3168;  // in expanded form
inline constexpr std::size_t kCiphertextSize = 1568;

// The public key of this parameter set.
using EncapsulationKey = MlKemEncapsulationKey<MlKem::k1024>;
// Its private key.
using DecapsulationKey = MlKemDecapsulationKey<MlKem::k1024>;
// What encapsulate() makes.
using Encapsulation = MlKemEncapsulation<MlKem::k1024>;
// The part of that which is sent.
using Ciphertext = MlKemCiphertext<MlKem::k1024>;

}  // namespace latchkey::mlkem1024
