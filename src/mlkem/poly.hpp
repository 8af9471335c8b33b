// Polynomials of ML-KEM, and the keys made of them. Plain data, the same for every backend.
//
// Coefficients are signed 16-bit representatives modulo q; which bounds they keep is part of each
// function's contract. NTT-domain polynomials are in FIPS 203's own order, in every backend.
#pragma once

#include <array>

#include "mlkem/params.hpp"

namespace latchkey::mlkem {

// An element of R_q.
struct Poly {
  alignas(64) std::int16_t c[kN];
};

// The NTT of an element of R_q (FIPS 203's hat).
struct NttPoly {
  alignas(64) std::int16_t c[kN];
};

// A sum of products of NTTs, divided by the Montgomery factor R = 2^16.
struct NttProduct {
  alignas(64) std::int16_t c[kN];
};

template <std::size_t k>
using NttVector = NttPoly[k];
template <std::size_t k>
using NttMatrix = NttPoly[k][k];

// k polynomials to multiply from the left: a row or a column of A_hat, or a whole vector.
template <std::size_t k>
using NttPointers = std::array<const NttPoly*, k>;

template <std::size_t k>
[[gnu::always_inline]] inline NttPointers<k> row(const NttPoly (&a_hat)[k][k],
                                                 std::size_t i) noexcept {
  NttPointers<k> pointers;
  for (std::size_t j = 0; j < k; ++j) pointers[j] = &a_hat[i][j];
  return pointers;
}
template <std::size_t k>
[[gnu::always_inline]] inline NttPointers<k> column(const NttPoly (&a_hat)[k][k],
                                                    std::size_t j) noexcept {
  NttPointers<k> pointers;
  for (std::size_t i = 0; i < k; ++i) pointers[i] = &a_hat[i][j];
  return pointers;
}
template <std::size_t k>
[[gnu::always_inline]] inline NttPointers<k> whole(const NttPoly (&v)[k]) noexcept {
  NttPointers<k> pointers;
  for (std::size_t i = 0; i < k; ++i) pointers[i] = &v[i];
  return pointers;
}

// An encapsulation key with what follows from it. All of it is public.
template <ParameterSet p>
struct PublicKey {
  NttMatrix<p.k> a_hat;                         // from rho
  NttVector<p.k> t_hat;                         // |c| < 4096
  std::uint8_t ek[p.encapsulation_key_size()];  // ByteEncode_12(t_hat) || rho
  std::uint8_t h[kSymBytes];                    // H(ek)
};

// The rest of a decapsulation key. All of it is secret.
template <ParameterSet p>
struct SecretKey {
  NttVector<p.k> s_hat;       // |c| < 4096
  std::uint8_t d[kSymBytes];  // the seed, where it is known: zeros after an import
  std::uint8_t z[kSymBytes];
};

// What the input checks of FIPS 203, sections 7.2 and 7.3, found, and the check of s_hat, which is
// stricter than section 7.3.
enum class KeyCheck : std::uint8_t { passed, not_reduced, hash_mismatch };

}  // namespace latchkey::mlkem
