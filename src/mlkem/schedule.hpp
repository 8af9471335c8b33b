// Which hashes share a permutation, for precomputed keys. kpke.hpp and mlkem.hpp use the results.
// Key generation, keys that are used once, batches and incremental encapsulation have files of
// their own: schedule_keygen.hpp, schedule_once.hpp, schedule_batch.hpp, schedule_incremental.hpp.
// No other file knows.
//
// Four sponges that do not depend on each other run side by side in the lanes of one Keccak4. A_hat
// is sampled in groups of one to four entries, for three permutations each, or more if a stream is
// late; riders (riders.hpp) have the lanes that a group leaves. In the pictures, which are those of
// ML-KEM-768 unless they say otherwise, each column says how many permutations it is.
//
//   precompute           3          3            3
//     lane 0..2          row 0      row 1        row 2
//     lane 3             H(ek) .......................
//
//   encaps        first: 1          1
//     lane 0..2   G      y[0..2]    e1[1..2], e2
//     lane 3             e1[0]
//
//   decaps               1          1            1        1
//     lane 0..2          G          y            e1       e2
//     lane 3             J(z || c) .....................         then the rest of J alone
//
// Permutations of four lanes, and single ones after the plus sign:
//
//                    ML-KEM-512    ML-KEM-768    ML-KEM-1024
//   precompute       6             9             15
//   encaps           2 + 1         2 + 1         3 + 1
//   decaps           4 + 2         4 + 5         4 + 8
//
// tests/mlkem/permutations_test.cpp counts them.
#pragma once

#include "base/secrecy.hpp"
#include "mlkem/groups.hpp"
#include "mlkem/jobs.hpp"
#include "mlkem/sample.hpp"

namespace latchkey::mlkem {

// A rider that crosses several groups stays in one lane.
inline constexpr unsigned kRiderLane = 3;
inline constexpr unsigned kSecondRiderLane = 2;

template <ParameterSet p>
[[gnu::always_inline]] inline In<kSymBytes> rho_of(const PublicKey<p>& key) noexcept {
  return In<p.encapsulation_key_size()>(key.ek).template last<kSymBytes>();
}

// A group of A_hat, beside a rider if it leaves a lane.
template <Backend B, std::size_t Size, ParameterSet p, class Rider>
void sample_group_vartime(PublicKey<p>& pub, std::size_t first, typename B::Keccak4& keccak,
                          Rider& rider) noexcept {
  if constexpr (Size == 4) {
    sample_matrix_vartime<B, Size>(pub.a_hat, first, rho_of(pub), keccak);
  } else {
    sample_matrix_vartime<B, Size>(pub.a_hat, first, rho_of(pub), keccak, rider);
  }
}

// A_hat and H(ek) of a known ek.
template <Backend B, ParameterSet p>
void sample_matrix_and_hash_vartime(PublicKey<p>& pub) noexcept {
  typename B::Keccak4 keccak;
  HRider<B> h(kRiderLane, HMessage(pub.ek), pub.h);
  for_each_group<kGroupsBesideHash<p>>([&](auto, auto first, auto size) __attribute__((
      always_inline)) { sample_group_vartime<B, size>(pub, first, keccak, h); });
}

// ---- Encaps and Decaps

// (K, r) = G(m || H(ek)), and the PRF for Algorithm 14, steps 9 to 17.
template <Backend B, ParameterSet p>
void hash_encaps(KeyAndCoins& g, EncryptionNoise<p>& noise, In<kSymBytes> m,
                 In<kSymBytes> h) noexcept {
  typename B::Keccak4 keccak;
  hash<B>(Out<2 * kSymBytes>(g.g), GMessage(m, h));
  sample_noise<B, 4>(noise, g.r(), keccak);
}

template <ParameterSet p>
struct DecapsHashes {
  KeyAndCoins g;                  // (K', r') = G(m' || h)
  std::uint8_t k_bar[kSymBytes];  // J(z || c)
  EncryptionNoise<p> noise;
};

// J's permutations come one after another: G and the PRF run beside it.
template <Backend B, ParameterSet p>
void hash_decaps(DecapsHashes<p>& to, In<kSymBytes> m, In<kSymBytes> h, In<kSymBytes> z,
                 In<p.ciphertext_size()> c) noexcept {
  // finish() takes what is left of J, which is more than nothing after G and the PRF in three
  // lanes.
  static_assert(blocks_of_j(p) > 1 + (kBlocksOfNoise<p> + 2) / 3);
  typename B::Keccak4 keccak;
  GRider<B> g(0, GMessage(m, h), to.g.g);
  JRider<B> j(kRiderLane, JMessage(z, c), to.k_bar);
  permute<B>(keccak, 0, g, j);
  sample_noise<B, 3>(to.noise, to.g.r(), keccak, j);
  j.finish(keccak);
}

}  // namespace latchkey::mlkem
