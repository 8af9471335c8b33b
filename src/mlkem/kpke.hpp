// K-PKE, the public-key encryption inside ML-KEM (FIPS 203, section 5): Algorithms 13, 14 and 15.
//
// schedule*.hpp do the hashing: they give A_hat, and the outputs of the PRF, to which SamplePolyCBD
// is applied here.
#pragma once

#include "base/secrecy.hpp"
#include "mlkem/noise.hpp"

namespace latchkey::mlkem {

template <std::size_t Part, std::size_t N>
[[gnu::always_inline]] inline auto part(std::span<std::uint8_t, N> bytes, std::size_t i) noexcept {
  return Out<Part>(bytes.data() + i * Part, Part);
}
template <std::size_t Part, std::size_t N>
[[gnu::always_inline]] inline auto part(std::span<const std::uint8_t, N> bytes,
                                        std::size_t i) noexcept {
  return In<Part>(bytes.data() + i * Part, Part);
}

// NTT(SamplePolyCBD_eta(prf_output)).
template <Backend B, std::size_t Size>
[[gnu::always_inline]] inline void ntt_of_noise(
    NttPoly& f_hat, const std::array<std::uint8_t, Size>& prf_output) noexcept {
  Poly f;
  B::template sample_cbd<Size / noise_size(1)>(f, prf_output);
  B::ntt(f_hat, f);
}

// f += SamplePolyCBD_eta(prf_output).
template <Backend B, std::size_t Size>
[[gnu::always_inline]] inline void add_noise(
    Poly& f, const std::array<std::uint8_t, Size>& prf_output) noexcept {
  Poly e;
  B::template sample_cbd<Size / noise_size(1)>(e, prf_output);
  B::add(f, e);
}

// NTT^-1(left^T right).
template <Backend B, std::size_t k>
[[gnu::always_inline]] inline void inverse_ntt_of_product(
    Poly& f, const NttPointers<k>& left, const typename B::Multiplier (&right)[k]) noexcept {
  NttProduct f_hat;
  B::dot(f_hat, left, right);
  B::inverse_ntt(f, f_hat);
}

// Algorithm 13, K-PKE.KeyGen, but for step 20, which is encode_dk() in keys.hpp. `hashes` does the
// hashing: G (step 1), and row by row A_hat (steps 3 to 7) and the PRF (steps 9 and 13): that of s
// with row 0.
template <Backend B, ParameterSet p, class Hashes>
void kpke_keygen(PublicKey<p>& pub, NttVector<p.k>& s_hat, Hashes& hashes) noexcept {
  typename B::Multiplier s[p.k];
  for (std::size_t i = 0; i < p.k; ++i) {
    hashes.sample_row_vartime(i);
    for (std::size_t j = 0; i == 0 && j < p.k; ++j) {
      ntt_of_noise<B>(s_hat[j], hashes.noise.s(j));  // steps 9 and 16
      B::make_multiplier(s[j], s_hat[j]);
    }
    NttPoly e_hat;
    ntt_of_noise<B>(e_hat, hashes.noise.e(i));  // steps 13 and 17
    NttProduct product;
    B::dot(product, row(pub.a_hat, i), s);
    B::add_product(pub.t_hat[i], product, e_hat);  // step 18, t_hat = A_hat s_hat + e_hat
    const auto encoded = part<encoded_size(12)>(std::span(pub.ek), i);
    B::encode12(encoded, pub.t_hat[i]);                // step 19
    base::declassify(encoded.data(), encoded.size());  // the encapsulation key is public
  }
}

// ---- Algorithm 14, K-PKE.Encrypt, in steps. `noise` has the outputs of the PRF; SamplePolyCBD
// (steps 10, 14 and 17) is applied here.

// Steps 9 to 12 and 18: y_hat, to multiply by.
template <Backend B, ParameterSet p>
[[gnu::always_inline]] inline void compute_y(typename B::Multiplier (&y)[p.k],
                                             const EncryptionNoise<p>& noise) noexcept {
  for (std::size_t i = 0; i < p.k; ++i) {
    NttPoly y_hat;
    ntt_of_noise<B>(y_hat, noise.y(i));  // steps 10 and 18
    B::make_multiplier(y[i], y_hat);
  }
}

// Step 19, one polynomial of u = NTT^-1(A_hat^T y_hat) + e1.
template <Backend B, ParameterSet p>
[[gnu::always_inline]] inline void compute_u(Poly& u, std::size_t i, const NttMatrix<p.k>& a_hat,
                                             const typename B::Multiplier (&y)[p.k],
                                             const EncryptionNoise<p>& noise) noexcept {
  inverse_ntt_of_product<B>(u, column(a_hat, i), y);
  add_noise<B>(u, noise.e1(i));
}

// Steps 20 and 21: v = NTT^-1(t_hat^T y_hat) + e2 + mu.
template <Backend B, ParameterSet p>
[[gnu::always_inline]] inline void compute_v(Poly& v, const NttVector<p.k>& t_hat,
                                             const typename B::Multiplier (&y)[p.k],
                                             In<kSymBytes> m,
                                             const EncryptionNoise<p>& noise) noexcept {
  Poly mu;
  B::template decode_decompress<1>(mu, m);  // step 20
  inverse_ntt_of_product<B>(v, whole(t_hat), y);
  add_noise<B>(v, noise.e2());
  B::add(v, mu);
}

// kpke_encrypt() gives the ciphertext to one of these two, a polynomial at a time. WriteTo stores
// it.
template <ParameterSet p>
struct WriteTo {
  Out<p.ciphertext_size()> c;

  // The encoding that begins at that byte.
  template <Backend B, unsigned d>
  void put(std::size_t offset, const Poly& f) noexcept {
    B::template compress_encode<d>(Out<encoded_size(d)>(&c[offset], encoded_size(d)), f);
  }
};

// CompareWith compares it with another one, and stores nothing.
template <ParameterSet p>
struct CompareWith {
  In<p.ciphertext_size()> c;
  std::uint64_t difference = 0;  // zero while they are equal
  std::array<std::uint8_t, p.u_size()> encoded;

  explicit CompareWith(In<p.ciphertext_size()> other) noexcept : c(other) {}

  template <Backend B, unsigned d>
  void put(std::size_t offset, const Poly& f) noexcept {
    const auto mine = Out<p.u_size()>(encoded).template first<encoded_size(d)>();
    B::template compress_encode<d>(mine, f);
    difference |= base::difference(&c[offset], mine.data(), mine.size());
  }
};

// All of Algorithm 14. Steps 2 to 8 were done when the key was precomputed.
template <Backend B, ParameterSet p, class Ciphertext>
void kpke_encrypt(Ciphertext& c, const PublicKey<p>& pub, In<kSymBytes> m,
                  const EncryptionNoise<p>& noise) noexcept {
  typename B::Multiplier y[p.k];
  compute_y<B, p>(y, noise);
  for (std::size_t i = 0; i < p.k; ++i) {
    Poly u;
    compute_u<B, p>(u, i, pub.a_hat, y, noise);
    c.template put<B, p.du>(i * p.u_size(), u);  // step 22
  }
  Poly v;
  compute_v<B, p>(v, pub.t_hat, y, m, noise);
  c.template put<B, p.dv>(p.c1_size(), v);  // step 23
}

// Algorithm 15, K-PKE.Decrypt. Step 5 was done when the key was precomputed.
template <Backend B, ParameterSet p>
void kpke_decrypt(Out<kSymBytes> m, const NttVector<p.k>& s_hat,
                  In<p.ciphertext_size()> c) noexcept {
  typename B::Multiplier u_hat[p.k];
  for (std::size_t i = 0; i < p.k; ++i) {
    Poly u;
    B::template decode_decompress<p.du>(u, part<p.u_size()>(c, i));  // step 3
    NttPoly ntt_of_u;
    B::ntt(ntt_of_u, u);
    B::make_multiplier(u_hat[i], ntt_of_u);
  }
  Poly v, w;
  B::template decode_decompress<p.dv>(v, c.template last<p.v_size()>());  // step 4
  // Step 6: w = v' - NTT^-1(s_hat^T NTT(u'))
  inverse_ntt_of_product<B>(w, whole(s_hat), u_hat);
  B::subtract_from(w, v);
  B::template compress_encode<1>(m, w);  // step 7
}

}  // namespace latchkey::mlkem
