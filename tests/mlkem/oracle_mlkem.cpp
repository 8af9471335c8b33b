#include "mlkem/oracle_mlkem.hpp"

#include <stdexcept>

#include "mlkem/openssl.hpp"

namespace latchkey::test::oracle {
namespace {

// Sums of MultiplyNTTs over k, as section 2.4.7 has them.
Poly dot(const Vector& a_hat, const Vector& b_hat) {
  Poly sum;
  for (std::size_t i = 0; i < b_hat.size(); ++i) sum = sum + multiply_ntts(a_hat[i], b_hat[i]);
  return sum;
}

Vector multiply(const Matrix& a_hat, const Vector& b_hat) {
  Vector product;
  for (const Vector& row : a_hat) product.push_back(dot(row, b_hat));
  return product;
}

Matrix transpose(const Matrix& a_hat) {
  Matrix result(a_hat.size(), Vector(a_hat.size()));
  for (std::size_t i = 0; i < a_hat.size(); ++i) {
    for (std::size_t j = 0; j < a_hat.size(); ++j) result[i][j] = a_hat[j][i];
  }
  return result;
}

Vector operator+(const Vector& a, const Vector& b) {
  Vector sum;
  for (std::size_t i = 0; i < a.size(); ++i) sum.push_back(a[i] + b[i]);
  return sum;
}

template <class F>
Vector each(const Vector& v, F f) {
  Vector result;
  for (const Poly& poly : v) result.push_back(f(poly));
  return result;
}
Vector ntt(const Vector& v) {
  return each(v, [](const Poly& f) { return oracle::ntt(f); });
}
Vector inverse_ntt(const Vector& v) {
  return each(v, [](const Poly& f) { return oracle::inverse_ntt(f); });
}

Vector sample_vector(std::size_t k, unsigned eta, ByteView seed, std::uint8_t& N) {
  Vector v(k);
  for (auto& poly : v) poly = sample_poly_cbd(eta, PRF(eta, seed, N++));
  return v;
}

}  // namespace

Bytes concat(std::initializer_list<ByteView> parts) {
  Bytes whole;
  for (const ByteView part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

std::pair<Bytes, Bytes> G(ByteView c) {
  const Bytes digest = openssl::sha3_512(c);
  return {Bytes(digest.begin(), digest.begin() + 32), Bytes(digest.begin() + 32, digest.end())};
}
Bytes H(ByteView s) { return openssl::sha3_256(s); }
Bytes J(ByteView s) { return openssl::shake256(s, 32); }
Bytes PRF(unsigned eta, ByteView s, std::uint8_t b) {
  return openssl::shake256(concat({s, {&b, 1}}), 64 * std::size_t{eta});
}

MatrixEntry matrix_entry(ByteView rho, std::size_t i, std::size_t j) {
  constexpr std::size_t kBlock = 168, kMaxBlocks = 6;
  const std::uint8_t ji[] = {static_cast<std::uint8_t>(j), static_cast<std::uint8_t>(i)};
  Sampling sampling;
  sample_ntt(sampling, openssl::shake128(concat({rho, ji}), kMaxBlocks * kBlock));
  if (sampling.accepted != kN) throw std::runtime_error("SampleNTT needs more output");
  return {sampling.a_hat, (sampling.bytes_used + kBlock - 1) / kBlock};
}

Matrix expand_matrix(ByteView rho, std::size_t k) {
  Matrix a_hat(k, Vector(k));
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) a_hat[i][j] = matrix_entry(rho, i, j).a_hat;
  }
  return a_hat;
}

Bytes encode_vector(const Vector& v) {
  Bytes all;
  for (const Poly& poly : v) all = concat({all, byte_encode(12, poly)});
  return all;
}

Vector decode_vector(ByteView bytes) {
  Vector v(bytes.size() / 384);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = byte_decode(12, bytes.subspan(384 * i, 384));
  return v;
}

PkeKeys k_pke_keygen(ByteView d, const ParameterSet& p) {
  const auto k = static_cast<std::uint8_t>(p.k);
  const auto [rho, sigma] = G(concat({d, {&k, 1}}));  // step 1
  std::uint8_t N = 0;
  const Matrix A_hat = expand_matrix(rho, k);                          // steps 3 to 7
  const Vector s = sample_vector(k, p.eta1, sigma, N);                 // steps 8 to 11
  const Vector e = sample_vector(k, p.eta1, sigma, N);                 // steps 12 to 15
  const Vector s_hat = ntt(s);                                         // step 16
  const Vector e_hat = ntt(e);                                         // step 17
  const Vector t_hat = multiply(A_hat, s_hat) + e_hat;                 // step 18
  return {concat({encode_vector(t_hat), rho}), encode_vector(s_hat)};  // steps 19 and 20
}

Bytes k_pke_encrypt(ByteView ek, ByteView m, ByteView r, const ParameterSet& p) {
  std::uint8_t N = 0;
  const Vector t_hat = decode_vector(ek.first(384 * p.k));               // step 2
  const ByteView rho = ek.subspan(384 * p.k, 32);                        // step 3
  const Matrix A_hat = expand_matrix(rho, p.k);                          // steps 4 to 8
  const Vector y = sample_vector(p.k, p.eta1, r, N);                     // steps 9 to 12
  const Vector e1 = sample_vector(p.k, p.eta2, r, N);                    // steps 13 to 16
  const Poly e2 = sample_poly_cbd(p.eta2, PRF(p.eta2, r, N));            // step 17
  const Vector y_hat = ntt(y);                                           // step 18
  const Vector u = inverse_ntt(multiply(transpose(A_hat), y_hat)) + e1;  // step 19
  const Poly mu = decompress(1, byte_decode(1, m));                      // step 20
  const Poly v = oracle::inverse_ntt(dot(t_hat, y_hat)) + e2 + mu;       // step 21
  Bytes c;
  for (const Poly& u_i : u) c = concat({c, byte_encode(p.du, compress(p.du, u_i))});  // step 22
  return concat({c, byte_encode(p.dv, compress(p.dv, v))});  // steps 23 and 24
}

Bytes k_pke_decrypt(ByteView dk, ByteView c, const ParameterSet& p) {
  const std::size_t du = p.du, dv = p.dv;
  const ByteView c1 = c.first(32 * du * p.k);             // step 1
  const ByteView c2 = c.subspan(32 * du * p.k, 32 * dv);  // step 2
  Vector u(p.k);                                          // step 3
  for (std::size_t i = 0; i < p.k; ++i) {
    u[i] = decompress(p.du, byte_decode(p.du, c1.subspan(32 * du * i, 32 * du)));
  }
  const Poly v = decompress(p.dv, byte_decode(p.dv, c2));      // step 4
  const Vector s_hat = decode_vector(dk);                      // step 5
  const Poly w = v - oracle::inverse_ntt(dot(s_hat, ntt(u)));  // step 6
  return byte_encode(1, compress(1, w));                       // step 7
}

Keys keygen(ByteView d, ByteView z, const ParameterSet& p) {
  const auto [ek, dk_pke] = k_pke_keygen(d, p);  // steps 1 and 2
  return {ek, concat({dk_pke, ek, H(ek), z})};   // step 3
}

Encapsulation encaps(ByteView ek, ByteView m, const ParameterSet& p) {
  const auto [K, r] = G(concat({m, H(ek)}));  // step 1
  return {K, k_pke_encrypt(ek, m, r, p)};     // step 2
}

Bytes decaps(ByteView dk, ByteView c, const ParameterSet& p) {
  const std::size_t k = p.k;
  const ByteView dk_pke = dk.first(384 * k);                  // step 1
  const ByteView ek_pke = dk.subspan(384 * k, 384 * k + 32);  // step 2
  const ByteView h = dk.subspan(768 * k + 32, 32);            // step 3
  const ByteView z = dk.subspan(768 * k + 64, 32);            // step 4
  const Bytes m = k_pke_decrypt(dk_pke, c, p);                // step 5
  const auto [K, r] = G(concat({m, h}));                      // step 6
  const Bytes K_bar = J(concat({z, c}));                      // step 7
  const Bytes c_prime = k_pke_encrypt(ek_pke, m, r, p);       // step 8
  const bool same = Bytes(c.begin(), c.end()) == c_prime;     // step 9
  return same ? K : K_bar;                                    // steps 10 to 12
}

}  // namespace latchkey::test::oracle
