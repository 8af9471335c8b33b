// FIPS 203 by its plain definitions: the ring, the NTT, encoding and sampling (Algorithms 3 to 12).
//
// What the kernels are checked against. Slow and obvious on purpose: 64-bit integers reduced with %
// after each step, no tables, no Montgomery form. Of the library it uses nothing but q, n and the
// parameter sets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mlkem/params.hpp"

namespace latchkey::test::oracle {

using mlkem::kN;
using mlkem::kQ;

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Bits = std::vector<unsigned>;

// x modulo q, in [0, q), and base^exponent modulo q.
std::int64_t mod_q(std::int64_t x);
std::int64_t power(std::int64_t base, std::int64_t exponent);
std::int64_t inverse(std::int64_t x);

// 256 coefficients: of an element of R_q, of an NTT, or integers on their way into bytes.
struct Poly {
  std::array<std::int64_t, kN> c{};

  bool operator==(const Poly&) const = default;
};
using Vector = std::vector<Poly>;    // k of them
using Matrix = std::vector<Vector>;  // k rows

Poly operator+(const Poly& f, const Poly& g);
Poly operator-(const Poly& f, const Poly& g);
Poly operator*(std::int64_t scalar, const Poly& f);

// f g in Z_q[X] / (X^256 + 1), coefficient by coefficient.
Poly schoolbook(const Poly& f, const Poly& g);

// Section 4.3. f_hat[2i] + f_hat[2i + 1] X = f mod X^2 - gamma_i, where gamma_i = 17^(2 BitRev7(i)
// + 1).
std::int64_t gamma(unsigned i);
Poly ntt(const Poly& f);
Poly inverse_ntt(const Poly& f_hat);

// Algorithms 11 and 12: MultiplyNTTs, BaseCaseMultiply.
Poly multiply_ntts(const Poly& f_hat, const Poly& g_hat);

// Section 4.2.1, by exact rational rounding.
std::int64_t compress(unsigned d, std::int64_t x);
std::int64_t decompress(unsigned d, std::int64_t y);
Poly compress(unsigned d, const Poly& f);
Poly decompress(unsigned d, const Poly& f);

// Algorithms 3 to 6.
Bytes bits_to_bytes(const Bits& bits);
Bits bytes_to_bits(ByteView bytes);
Bytes byte_encode(unsigned d, const Poly& f);
Poly byte_decode(unsigned d, ByteView bytes);

// Algorithm 7, SampleNTT, on the output of its XOF: how far it came with so many bytes.
struct Sampling {
  Poly a_hat;
  std::size_t accepted = 0;
  std::size_t bytes_used = 0;
};
void sample_ntt(Sampling& sampling, ByteView xof_output);

// Algorithm 8, SamplePolyCBD_eta.
Poly sample_poly_cbd(unsigned eta, ByteView bytes);

}  // namespace latchkey::test::oracle
