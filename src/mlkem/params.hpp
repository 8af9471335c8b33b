// The parameter sets of ML-KEM (FIPS 203, tables 2 and 3) and the sizes that follow from them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace latchkey::mlkem {

// The same in all sets.
inline constexpr std::size_t kN = 256;        // coefficients in a polynomial
inline constexpr std::int32_t kQ = 3329;      // the modulus
inline constexpr std::size_t kSymBytes = 32;  // seeds, messages, hashes, shared secrets
inline constexpr std::size_t kSharedSecretSize = kSymBytes;
inline constexpr std::size_t kSeedSize = 2 * kSymBytes;  // d || z

// Bytes of a polynomial encoded with d bits a coefficient (ByteEncode_d).
constexpr std::size_t encoded_size(unsigned d) { return kN / 8 * d; }

// Bytes of PRF output for one polynomial.
constexpr std::size_t noise_size(unsigned eta) { return 64 * std::size_t{eta}; }

struct ParameterSet {
  unsigned k;     // rank of the module
  unsigned eta1;  // width of the noise of s, e and y
  unsigned eta2;  // width of the noise of e1 and e2
  unsigned du;    // bits kept of a coefficient of u
  unsigned dv;    // bits kept of a coefficient of v

  // Sizes in bytes.
  constexpr std::size_t vector_size() const { return k * encoded_size(12); }
  constexpr std::size_t encapsulation_key_size() const { return vector_size() + kSymBytes; }
  constexpr std::size_t decapsulation_key_size() const {
    return vector_size() + encapsulation_key_size() + 2 * kSymBytes;
  }
  constexpr std::size_t u_size() const { return encoded_size(du); }  // of one polynomial of u
  constexpr std::size_t v_size() const { return encoded_size(dv); }
  constexpr std::size_t c1_size() const { return k * u_size(); }  // of all of u
  constexpr std::size_t ciphertext_size() const { return c1_size() + v_size(); }

  bool operator==(const ParameterSet&) const = default;
};

inline constexpr ParameterSet kMlKem512{2, 3, 2, 10, 4};
inline constexpr ParameterSet kMlKem768{3, 2, 2, 10, 4};
inline constexpr ParameterSet kMlKem1024{4, 2, 2, 11, 5};

static_assert(kMlKem512.encapsulation_key_size() == 800 &&
              kMlKem512.decapsulation_key_size() == 1632 && kMlKem512.ciphertext_size() == 768);
static_assert(kMlKem768.encapsulation_key_size() == 1184 &&
              kMlKem768.decapsulation_key_size() == 2400 && kMlKem768.ciphertext_size() == 1088);
static_assert(kMlKem1024.encapsulation_key_size() == 1568 &&
              kMlKem1024.decapsulation_key_size() == 3168 && kMlKem1024.ciphertext_size() == 1568);

}  // namespace latchkey::mlkem
