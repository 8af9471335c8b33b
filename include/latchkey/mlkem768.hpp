// ML-KEM-768 (FIPS 203): the parameter set that nearly everybody should use, and whose classes have
// the short names. mlkem.hpp describes them.
#pragma once

#include "latchkey/mlkem.hpp"

namespace latchkey::mlkem768 {

// Sizes in bytes (FIPS 203, table 3).
inline constexpr std::size_t kEncapsulationKeySize = 1184;
inline constexpr std::size_t kDecapsulationKeySize = 2400;  // in expanded form
inline constexpr std::size_t kCiphertextSize = 1088;

// The public key of this parameter set.
using EncapsulationKey = MlKemEncapsulationKey<MlKem::k768>;
// Its private key.
using DecapsulationKey = MlKemDecapsulationKey<MlKem::k768>;
// What encapsulate() makes.
using Encapsulation = MlKemEncapsulation<MlKem::k768>;
// The part of that which is sent.
using Ciphertext = MlKemCiphertext<MlKem::k768>;

}  // namespace latchkey::mlkem768

namespace latchkey {

using mlkem768::Ciphertext;
using mlkem768::DecapsulationKey;
using mlkem768::Encapsulation;
using mlkem768::EncapsulationKey;
using mlkem768::kCiphertextSize;
using mlkem768::kDecapsulationKeySize;
using mlkem768::kEncapsulationKeySize;

}  // namespace latchkey
