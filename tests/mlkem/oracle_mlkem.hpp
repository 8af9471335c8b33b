// ML-KEM-768 by the letter of FIPS 203, Algorithms 13 to 18, over the plain definitions of
// oracle.hpp and OpenSSL's hashes.
#pragma once

#include <initializer_list>
#include <utility>

#include "mlkem/oracle.hpp"

namespace latchkey::test::oracle {

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
Matrix expand_matrix(ByteView rho);

// ByteEncode_12 and ByteDecode_12 on vectors.
Bytes encode_vector(const Vector& v);
Vector decode_vector(ByteView bytes);

// Algorithms 13 to 15.
struct PkeKeys {
  Bytes ek, dk;
};
PkeKeys k_pke_keygen(ByteView d);
Bytes k_pke_encrypt(ByteView ek, ByteView m, ByteView r);
Bytes k_pke_decrypt(ByteView dk, ByteView c);

// Algorithms 16 to 18.
struct Keys {
  Bytes ek, dk;
};
struct Encapsulation {
  Bytes K, c;
};
Keys keygen(ByteView d, ByteView z);
Encapsulation encaps(ByteView ek, ByteView m);
Bytes decaps(ByteView dk, ByteView c);

}  // namespace latchkey::test::oracle
