// Which hashes of incremental encapsulation share a permutation. schedule.hpp has the others, and
// says how to read the pictures.
//
//   encaps_begin  first: 1          3            3        3
//     lane 0..2   G      row 0      row 1        row 2
//     lane 3             y[0..2]    e1[0..2]     (e2)
//
//   encaps_finish        1          1            1        6, alone
//     lane 0..2          G          y[0..1], e2  y[2]
//     lane 3             H(ek) .............................
//
// With k = 2 and 4, groups of four entries of A_hat leave no lane, and the noise comes after them:
// that takes fewer permutations. Number of permutations, of four lanes + of a single state:
//
//                    ML-KEM-512    ML-KEM-768    ML-KEM-1024
//   encaps_begin     5 + 1         9 + 1         14 + 1
//   encaps_finish    3 + 3         3 + 6         3 + 9
//
// tests/mlkem/permutations_test.cpp counts them.
#pragma once

#include "mlkem/schedule.hpp"

namespace latchkey::mlkem {

// A_hat from rho, r of G(m || h), and the PRF for y and e1 of Algorithm 14, steps 9 to 16. `h`
// is H(ek). Of `noise`, e2 may stay unwritten.
template <Backend B, ParameterSet p>
void hash_encaps_begin(NttMatrix<p.k>& a_hat, EncryptionNoise<p>& noise, In<kSymBytes> rho,
                       In<kSymBytes> h, In<kSymBytes> m) noexcept {
  constexpr auto kThrees = make_groups<p.k>([](std::size_t, std::size_t) { return 3u; });
  constexpr auto kFours = make_groups<p.k>([](std::size_t, std::size_t) { return 4u; });
  constexpr std::size_t kBlocks = kBlocksOfNoise<p> - prf_blocks(p.eta2);  // without e2
  constexpr bool kNoiseRides =
      kThrees.count == kFours.count && kBlocks <= kThrees.count * kPermutationsOfGroup;

  typename B::Keccak4 keccak;
  KeyAndCoins g;
  hash<B>(Out<2 * kSymBytes>(g.g), GMessage(m, h));
  if constexpr (kNoiseRides) {
    PrfRider<B, EncryptionNoise<p>> riding(kRiderLane, noise, g.r());
    for_each_group<kThrees>([&](auto, auto first, auto size) __attribute__((always_inline)) {
      sample_matrix_vartime<B, size>(a_hat, first, rho, keccak, riding);
    });
  } else {
    for_each_group<kFours>([&](auto, auto first, auto size) __attribute__((always_inline)) {
      sample_matrix_vartime<B, size>(a_hat, first, rho, keccak);
    });
    if constexpr (p.eta1 == p.eta2) {
      prf_in_lanes<B, 4, p.eta1, 0, 2 * p.k>(noise, g.r(), keccak);
    } else {
      sample_noise<B, 4>(noise, g.r(), keccak);
    }
  }
}

// (K, r) = G(m || h), the PRF for y and e2 of Algorithm 14, steps 9 to 12 and 17, and H(ek) of
// ek = t_hat || rho. Of `noise`, e1 stays unwritten.
template <Backend B, ParameterSet p>
void hash_encaps_finish(KeyAndCoins& g, EncryptionNoise<p>& noise, Out<kSymBytes> h_of_ek,
                        In<p.vector_size()> t_hat, In<kSymBytes> rho, In<kSymBytes> h,
                        In<kSymBytes> m) noexcept {
  constexpr std::size_t kLanesOfY = 2;
  // finish() takes what is left of H, which is more than nothing after G and the PRF.
  static_assert(blocks_of_h(p) > 1 + (p.k + kLanesOfY - 1) / kLanesOfY * prf_blocks(p.eta1));
  static_assert(prf_blocks(p.eta2) <= prf_blocks(p.eta1), "e2 has as many permutations as y");
  typename B::Keccak4 keccak;
  GRider<B> g_rider(0, GMessage(m, h), g.g);
  HRider<B> h_rider(kRiderLane, HMessage(t_hat, rho), h_of_ek);
  permute<B>(keccak, 0, g_rider, h_rider);
  PrfRider<B, EncryptionNoise<p>> e2(kSecondRiderLane, noise, g.r(),
                                     {.first = 2 * p.k, .end = EncryptionNoise<p>::kCount});
  prf_in_lanes<B, kLanesOfY, p.eta1, 0, p.k>(noise, g.r(), keccak, e2, h_rider);
  h_rider.finish(keccak);
}

}  // namespace latchkey::mlkem
