// Keys and ciphertexts for the targets, and what FIPS 203 says of their bytes.
#pragma once

#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "mlkem/oracle_mlkem.hpp"
#include "support.hpp"

namespace latchkey::fuzz {

namespace oracle = test::oracle;

inline constexpr std::size_t kCoefficients = 768;  // in t_hat and in s_hat

// Where the parts of dk_PKE || ek || H(ek) || z begin.
inline constexpr std::size_t kEkOffset = 1152;
inline constexpr std::size_t kHashOffset = kEkOffset + kEncapsulationKeySize;
inline constexpr std::size_t kZOffset = kHashOffset + 32;

// A key pair by the plain definitions, and by the library.
struct KnownKey {
  std::array<std::uint8_t, 32> d, z;
  oracle::Keys bytes;
};

// One of four, made on first use.
const KnownKey& known_key(std::size_t choice);

// Coefficient i of an encoded vector: 12 bits from bit 12 i on.
unsigned coefficient(View encoded, std::size_t i);
void set_coefficient(std::span<std::uint8_t> encoded, std::size_t i, unsigned value);

// Section 7.2's modulus check, coefficient by coefficient.
bool is_reduced(View ek);

Bytes copy_of(const SharedSecret& secret);
// The same, or an abort.
Bytes copy_of(const Result<SharedSecret>& secret);

// Changes to bytes that the input asks for, until it ends: each a place and what to XOR there.
void mutate(std::span<std::uint8_t> bytes, Input& input, std::size_t at_most);

}  // namespace latchkey::fuzz
