// K-PKE, the public-key encryption inside ML-KEM (FIPS 203, section 5): Algorithms 13, 14 and 15.
//
// schedule.hpp does the hashing: it gives A_hat, and the outputs of the PRF, to which SamplePolyCBD
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

// NTT(SamplePolyCBD_2(prf_output)).
template <Backend B>
[[gnu::always_inline]] inline void ntt_of_noise(NttPoly& f_hat,
                                                const NoiseBytes& prf_output) noexcept {
  Poly f;
  B::sample_cbd2(f, prf_output);
  B::ntt(f_hat, f);
}

// f += SamplePolyCBD_2(prf_output).
template <Backend B>
[[gnu::always_inline]] inline void add_noise(Poly& f, const NoiseBytes& prf_output) noexcept {
  Poly e;
  B::sample_cbd2(e, prf_output);
  B::add(f, e);
}

// NTT^-1(left^T right).
template <Backend B>
[[gnu::always_inline]] inline void inverse_ntt_of_product(
    Poly& f, const NttPointers& left, const typename B::Multiplier (&right)[kK]) noexcept {
  NttProduct f_hat;
  B::dot(f_hat, left, right);
  B::inverse_ntt(f, f_hat);
}

// Algorithm 13, K-PKE.KeyGen, but for step 20, which is encode_dk() in keys.hpp. `hashes` does the
// hashing: G (step 1), the PRF (steps 9 and 13), and A_hat row by row (steps 3 to 7).
template <Backend B, class Hashes>
void kpke_keygen(PublicKey& pub, NttVector& s_hat, Hashes& hashes) noexcept {
  typename B::Multiplier s[kK];
  for (std::size_t i = 0; i < kK; ++i) {
    ntt_of_noise<B>(s_hat[i], hashes.noise.s(i));  // steps 9 and 16
    B::make_multiplier(s[i], s_hat[i]);
  }
  for (std::size_t i = 0; i < kK; ++i) {
    hashes.sample_row_vartime(i);
    NttPoly e_hat;
    ntt_of_noise<B>(e_hat, hashes.noise.e(i));  // steps 13 and 17
    NttProduct product;
    B::dot(product, row(pub.a_hat, i), s);
    B::add_product(pub.t_hat[i], product, e_hat);  // step 18, t_hat = A_hat s_hat + e_hat
    const auto encoded = part<encoded_size(12)>(Out<kEncapsulationKeySize>(pub.ek), i);
    B::encode12(encoded, pub.t_hat[i]);                // step 19
    base::declassify(encoded.data(), encoded.size());  // the encapsulation key is public
  }
}

inline constexpr std::size_t kUSize = encoded_size(kDu);  // of one polynomial of u

// kpke_encrypt() gives the ciphertext to one of these two, a polynomial at a time. WriteTo stores
// it.
struct WriteTo {
  Out<kCiphertextSize> c;

  // The encoding that begins at that byte.
  template <Backend B, unsigned d>
  void put(std::size_t offset, const Poly& f) noexcept {
    B::template compress_encode<d>(Out<encoded_size(d)>(&c[offset], encoded_size(d)), f);
  }
};

// CompareWith compares it with another one, and stores nothing.
struct CompareWith {
  In<kCiphertextSize> c;
  std::uint64_t difference = 0;  // zero while they are equal
  std::array<std::uint8_t, kUSize> encoded;

  explicit CompareWith(In<kCiphertextSize> other) noexcept : c(other) {}

  template <Backend B, unsigned d>
  void put(std::size_t offset, const Poly& f) noexcept {
    const auto mine = Out<kUSize>(encoded).template first<encoded_size(d)>();
    B::template compress_encode<d>(mine, f);
    difference |= base::difference(&c[offset], mine.data(), mine.size());
  }
};

// Algorithm 14, K-PKE.Encrypt. Steps 2 to 8 were done when the key was precomputed. `noise` has the
// outputs of the PRF; SamplePolyCBD (steps 10, 14 and 17) is applied here.
template <Backend B, class Ciphertext>
void kpke_encrypt(Ciphertext& c, const PublicKey& pub, In<kSymBytes> m,
                  const EncryptionNoise& noise) noexcept {
  typename B::Multiplier y[kK];
  for (std::size_t i = 0; i < kK; ++i) {
    NttPoly y_hat;
    ntt_of_noise<B>(y_hat, noise.y(i));  // steps 10 and 18
    B::make_multiplier(y[i], y_hat);
  }
  for (std::size_t i = 0; i < kK; ++i) {
    // Step 19: u = NTT^-1(A_hat^T y_hat) + e1
    Poly u;
    inverse_ntt_of_product<B>(u, column(pub.a_hat, i), y);
    add_noise<B>(u, noise.e1(i));
    c.template put<B, kDu>(i * kUSize, u);  // step 22
  }
  Poly mu, v;
  B::template decode_decompress<1>(mu, m);  // step 20
  // Step 21: v = NTT^-1(t_hat^T y_hat) + e2 + mu
  inverse_ntt_of_product<B>(v, whole(pub.t_hat), y);
  add_noise<B>(v, noise.e2());
  B::add(v, mu);
  c.template put<B, kDv>(kK * kUSize, v);  // step 23
}

// Algorithm 15, K-PKE.Decrypt. Step 5 was done when the key was precomputed.
template <Backend B>
void kpke_decrypt(Out<kSymBytes> m, const NttVector& s_hat, In<kCiphertextSize> c) noexcept {
  typename B::Multiplier u_hat[kK];
  for (std::size_t i = 0; i < kK; ++i) {
    Poly u;
    B::template decode_decompress<kDu>(u, part<kUSize>(c, i));  // step 3
    NttPoly ntt_of_u;
    B::ntt(ntt_of_u, u);
    B::make_multiplier(u_hat[i], ntt_of_u);
  }
  Poly v, w;
  B::template decode_decompress<kDv>(v, c.template last<encoded_size(kDv)>());  // step 4
  // Step 6: w = v' - NTT^-1(s_hat^T NTT(u'))
  inverse_ntt_of_product<B>(w, whole(s_hat), u_hat);
  B::subtract_from(w, v);
  B::template compress_encode<1>(m, w);  // step 7
}

}  // namespace latchkey::mlkem
