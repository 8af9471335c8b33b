// Incremental encapsulation: Algorithm 17, ML-KEM.Encaps_internal, in two steps. The first has rho
// and H(ek) alone, and gives c1, the encoding of u. The second has t_hat, too, and gives c2, the
// encoding of v.
//
// Between the two, only m is kept secret: 32 bytes of locked memory. y_hat and e2 would take 512 (k
// + 1) bytes more. The second step computes both again, for few extra permutations: it has to hash
// ek anyway, one block after another, and G and the PRF use the lanes beside that.
#pragma once

#include "mlkem/keys.hpp"
#include "mlkem/schedule_incremental.hpp"

namespace latchkey::mlkem {

// c1, of Algorithm 14, step 22. rho and h = H(ek) are public.
template <Backend B, ParameterSet p>
void encaps_begin(Out<p.c1_size()> c1, In<kSymBytes> rho, In<kSymBytes> h,
                  In<kSymBytes> m) noexcept {
  NttMatrix<p.k> a_hat;
  EncryptionNoise<p> noise;
  hash_encaps_begin<B, p>(a_hat, noise, rho, h, m);
  typename B::Multiplier y[p.k];
  compute_y<B, p>(y, noise);
  for (std::size_t i = 0; i < p.k; ++i) {
    Poly u;
    compute_u<B, p>(u, i, a_hat, y, noise);
    B::template compress_encode<p.du>(part<p.u_size()>(c1, i), u);
  }
}

// c2, of Algorithm 14, step 23, and K, if H(t_hat || rho) is h and t_hat passes the modulus check
// of section 7.2; else zeros. c2 for a t_hat other than that of h would reveal m: if t_hat is 0, c2
// is m with a little noise.
template <Backend B, ParameterSet p>
KeyCheck encaps_finish(Out<p.v_size()> c2, Out<kSharedSecretSize> K, In<p.vector_size()> t_hat,
                       In<kSymBytes> rho, In<kSymBytes> h, In<kSymBytes> m) noexcept {
  std::memset(c2.data(), 0, c2.size());
  std::memset(K.data(), 0, K.size());
  KeyAndCoins g;
  EncryptionNoise<p> noise;
  std::uint8_t h_of_ek[kSymBytes];
  hash_encaps_finish<B, p>(g, noise, h_of_ek, t_hat, rho, h, m);
  if (base::not_equal(h, In<kSymBytes>(h_of_ek)).bits() != 0) return KeyCheck::hash_mismatch;
  NttVector<p.k> decoded;
  if (decode_t_hat<B, p>(decoded, t_hat) != KeyCheck::passed) return KeyCheck::not_reduced;

  typename B::Multiplier y[p.k];
  compute_y<B, p>(y, noise);
  Poly v;
  compute_v<B, p>(v, decoded, y, m, noise);
  B::template compress_encode<p.dv>(c2, v);
  base::copy(K, g.K());
  return KeyCheck::passed;
}

}  // namespace latchkey::mlkem
