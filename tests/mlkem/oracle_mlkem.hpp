// ML-KEM by the letter of FIPS 203, Algorithms 13 to 18, over the plain definitions of oracle.hpp
// and OpenSSL's hashes: ML-KEM-768, unless another parameter set is asked for.
#pragma once

#include <initializer_list>
#include <utility>

#include "mlkem/oracle.hpp"

namespace latchkey::test::oracle {

using mlkem::kMlKem768;
using mlkem::ParameterSet;

Bytes concat(std::initializer_list<ByteView> parts);

// Section 4.1.
std::pair<Bytes, Bytes> G(ByteView c);
Bytes H(ByteView s);
Bytes J(ByteView s);
Bytes PRF(unsigned eta, ByteView s, std::uint8_t b);

// Algorithm 7 on rho || j || i, and how many blocks of SHAKE128 it took.
struct MatrixEntry {
  Poly a_hat;
  std::size_t blocks;
};
MatrixEntry matrix_entry(ByteView rho, std::size_t i, std::size_t j);
Matrix expand_matrix(ByteView rho, std::size_t k = 3);

// ByteEncode_12 and ByteDecode_12 on vectors of any length.
Bytes encode_vector(const Vector& v);
Vector decode_vector(ByteView bytes);

// Algorithms 13 to 15.
struct PkeKeys {
  Bytes ek, dk;
};
PkeKeys k_pke_keygen(ByteView d, const ParameterSet& p = kMlKem768);
Bytes k_pke_encrypt(ByteView ek, ByteView m, ByteView r, const ParameterSet& p = kMlKem768);
Bytes k_pke_decrypt(ByteView dk, ByteView c, const ParameterSet& p = kMlKem768);

// Algorithms 16 to 18.
struct Keys {
  Bytes ek, dk;
};
struct Encapsulation {
  Bytes K, c;
};
Keys keygen(ByteView d, ByteView z, const ParameterSet& p = kMlKem768);
Encapsulation encaps(ByteView ek, ByteView m, const ParameterSet& p = kMlKem768);
Bytes decaps(ByteView dk, ByteView c, const ParameterSet& p = kMlKem768);

}  // namespace latchkey::test::oracle
