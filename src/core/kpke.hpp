// K-PKE, the public-key encryption inside ML-KEM (FIPS 203, section 5).
//
// K-PKE.KeyGen (Algorithm 13) is in mlkem.hpp: its hashing is interleaved with ML-KEM's own.
// The noise of Algorithm 14 comes in as PRF output, because the callers share its permutations with
// other hashes, and A_hat comes expanded with the key.
#pragma once

#include "core/sample.hpp"

namespace latchkey::core {

// PRF output for y, e1 and e2 (Algorithm 14, steps 9 to 17), in that order.
using EncryptionNoise = NoiseBytes[2 * kK + 1];

template <std::size_t Part, std::size_t N>
[[gnu::always_inline]] inline auto part(std::span<std::uint8_t, N> bytes, std::size_t i) noexcept {
  return Out<Part>(bytes.data() + i * Part, Part);
}
template <std::size_t Part, std::size_t N>
[[gnu::always_inline]] inline auto part(std::span<const std::uint8_t, N> bytes,
                                        std::size_t i) noexcept {
  return In<Part>(bytes.data() + i * Part, Part);
}

inline constexpr std::size_t kUSize = encoded_size(kDu);  // of one polynomial of u
inline constexpr std::size_t kVOffset = kK * kUSize;

// What becomes of a ciphertext as it is made: it is written ...
struct WriteTo {
  Out<kCiphertextSize> c;

  // Steps 22 and 23: the polynomial whose encoding begins at that byte.
  template <Backend B, unsigned d>
  void put(std::size_t offset, const Poly& f) noexcept {
    B::template compress_encode<d>(Out<encoded_size(d)>(&c[offset], encoded_size(d)), f);
  }
};

// ... or only compared with another, a polynomial at a time.
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

// Algorithm 14, K-PKE.Encrypt. Steps 2 to 8 are done once a key.
template <Backend B, class Ciphertext>
void kpke_encrypt(Ciphertext& c, const PublicKey& key, In<kSymBytes> m,
                  const EncryptionNoise& noise) noexcept {
  typename B::Multiplier y[kK];
  NttPoly y_hat;
  NttProduct product;
  Poly poly, summand;

  for (std::size_t i = 0; i < kK; ++i) {
    B::sample_cbd2(poly, noise[i]);
    B::ntt(y_hat, poly);  // step 18
    B::prepare(y[i], y_hat);
  }
  for (std::size_t i = 0; i < kK; ++i) {  // step 19, u = NTT^-1(A_hat^T y_hat) + e1
    const NttPoly* const column[] = {&key.a_hat[0][i], &key.a_hat[1][i], &key.a_hat[2][i]};
    B::dot(product, column, y);
    B::inverse_ntt(poly, product);
    B::sample_cbd2(summand, noise[kK + i]);
    B::add(poly, summand);
    c.template put<B, kDu>(i * kUSize, poly);  // step 22
  }
  const NttPoly* const t_hat[] = {&key.t_hat[0], &key.t_hat[1], &key.t_hat[2]};
  B::dot(product, t_hat, y);  // step 21, v = NTT^-1(t_hat^T y_hat) + e2 + mu
  B::inverse_ntt(poly, product);
  B::sample_cbd2(summand, noise[2 * kK]);
  B::add(poly, summand);
  B::template decode_decompress<1>(summand, m);  // step 20
  B::add(poly, summand);
  c.template put<B, kDv>(kVOffset, poly);  // step 23
}

// Algorithm 15, K-PKE.Decrypt.
template <Backend B>
void kpke_decrypt(Out<kSymBytes> m, const NttVector& s_hat, In<kCiphertextSize> c) noexcept {
  typename B::Multiplier u[kK];
  NttPoly u_hat;
  NttProduct product;
  Poly poly, v;

  for (std::size_t i = 0; i < kK; ++i) {
    B::template decode_decompress<kDu>(poly, part<kUSize>(c, i));  // step 3
    B::ntt(u_hat, poly);
    B::prepare(u[i], u_hat);
  }
  B::template decode_decompress<kDv>(v, c.template last<encoded_size(kDv)>());  // step 4
  const NttPoly* const row[] = {&s_hat[0], &s_hat[1], &s_hat[2]};
  B::dot(product, row, u);
  B::inverse_ntt(poly, product);
  B::subtract_from(poly, v);                // step 6, w = v' - NTT^-1(s_hat^T NTT(u'))
  B::template compress_encode<1>(m, poly);  // step 7
}

}  // namespace latchkey::core
