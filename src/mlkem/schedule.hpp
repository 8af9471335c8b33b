// Which hashes share a permutation. No other file knows: kpke.hpp and mlkem.hpp use the results.
//
// Four sponges that do not depend on each other run side by side in the lanes of one Keccak4.
// A row of A_hat takes three lanes for three permutations, or more if a stream is late, and a rider
// (riders.hpp) has the fourth lane. In the pictures, each column says how many permutations it is.
//
//   keygen        first: 1          3            3        3
//     lane 0..2   G      s[0..2]    row 0        row 1    row 2
//     lane 3             e[0]       e[1], e[2]   H(ek) ......    then the rest of H(ek) alone
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
//   decaps_once   first: 9                       3               1
//     lane 0, 1   G      six entries of A_hat    row 2 ......    y, e1[0]
//     lane 2             J(z || c)               row 2           ...
//     lane 3             H(ek)                   e1[1..2], e2    ...
//
// tests/mlkem/permutations_test.cpp counts them.
#pragma once

#include "base/secrecy.hpp"
#include "mlkem/jobs.hpp"
#include "mlkem/sample.hpp"

namespace latchkey::mlkem {

// A rider that crosses several rows stays in one lane.
inline constexpr unsigned kRiderLane = 3;
inline constexpr unsigned kSecondRiderLane = 2;

[[gnu::always_inline]] inline In<kSymBytes> rho_of(const PublicKey& key) noexcept {
  return In<kEncapsulationKeySize>(key.ek).last<kSymBytes>();
}

// ---- K-PKE.KeyGen and H(ek)

// Splits the output of Algorithm 13, step 1: copies rho into the key, and returns sigma.
template <Backend B>
In<kSymBytes> take_rho(PublicKey& pub, In<2 * kSymBytes> rho_sigma) noexcept {
  base::copy(Out<kEncapsulationKeySize>(pub.ek).template last<kSymBytes>(),
             rho_sigma.template first<kSymBytes>());
  base::declassify(rho_of(pub).data(), kSymBytes);  // rho is part of the encapsulation key
  return rho_sigma.template last<kSymBytes>();
}

// Whole blocks of H's input that are final once `rows` polynomials of t_hat are encoded.
inline constexpr std::size_t final_blocks_of_h(std::size_t rows) {
  return base::quotient<kSha3_256Rate>(rows * encoded_size(12));
}

// What Algorithm 13 hashes for one key, and H(ek) of Algorithm 16, step 3.
// 10 four-lane permutations and 5 single ones.
template <Backend B>
class KeygenHashes {
 public:
  // Steps 1 and 8 to 15, but for e[1] and e[2].
  KeygenHashes(PublicKey& pub, In<kSymBytes> d) noexcept
      : pub_(pub),
        e_(kRiderLane, &noise.prf[4], In<2 * kSymBytes>(rho_sigma_).template last<kSymBytes>(), 4),
        h_(kRiderLane, HMessage(pub.ek), pub.h) {
    const std::uint8_t k[] = {kK};
    hash<B>(Out<2 * kSymBytes>(rho_sigma_), GMessage(d, k));
    prf<B, 4>(noise.prf, take_rho<B>(pub, rho_sigma_), 0, keccak_);
  }

  KeygenHashes(const KeygenHashes&) = delete;  // the riders point into it
  KeygenHashes& operator=(const KeygenHashes&) = delete;

  // Steps 4 to 6, for row i. t_hat[0] to t_hat[i - 1] have been encoded.
  void sample_row_vartime(std::size_t i) noexcept {
    h_.set_final_blocks(final_blocks_of_h(i));
    if (i == 0) {
      sample_matrix_vartime<B, kK>(pub_.a_hat, 0, rho_of(pub_), keccak_, e_);
    } else {
      sample_matrix_vartime<B, kK>(pub_.a_hat, kK * i, rho_of(pub_), keccak_, h_);
    }
  }

  // The rest of H(ek), once all of ek is there.
  void finish() noexcept { h_.finish(keccak_); }

  KeyNoise noise;

 private:
  PublicKey& pub_;
  std::uint8_t rho_sigma_[2 * kSymBytes];
  PrfRider<B, 2> e_;
  HRider<B> h_;
  typename B::Keccak4 keccak_;
};

// A_hat and H(ek) of a known ek. 9 four-lane permutations.
template <Backend B>
void sample_matrix_and_hash_vartime(PublicKey& pub) noexcept {
  typename B::Keccak4 keccak;
  HRider<B> h(kRiderLane, HMessage(pub.ek), pub.h);
  for (std::size_t i = 0; i < kK; ++i) {
    sample_matrix_vartime<B, kK>(pub.a_hat, kK * i, rho_of(pub), keccak, h);
  }
}

// ---- Encaps and Decaps

// (K, r) = G(m || H(ek)), and the PRF for Algorithm 14, steps 9 to 17.
// 2 four-lane permutations and 1 single one.
template <Backend B>
void hash_encaps(KeyAndCoins& g, EncryptionNoise& noise, In<kSymBytes> m,
                 In<kSymBytes> h) noexcept {
  typename B::Keccak4 keccak;
  hash<B>(Out<2 * kSymBytes>(g.g), GMessage(m, h));
  prf<B, 4>(noise.prf, g.r(), 0, keccak);
  prf<B, 3>(noise.prf + 4, g.r(), 4, keccak);
}

struct DecapsHashes {
  KeyAndCoins g;                  // (K', r') = G(m' || h)
  std::uint8_t k_bar[kSymBytes];  // J(z || c)
  EncryptionNoise noise;
};

// J takes nine permutations one after another: G and the PRF run beside it.
// 4 four-lane permutations and 5 single ones.
template <Backend B>
void hash_decaps(DecapsHashes& to, In<kSymBytes> m, In<kSymBytes> h, In<kSymBytes> z,
                 In<kCiphertextSize> c) noexcept {
  typename B::Keccak4 keccak;
  GRider<B> g(0, GMessage(m, h), to.g.g);
  JRider<B> j(kRiderLane, JMessage(z, c), to.k_bar);
  permute<B>(keccak, 0, g, j);
  prf<B, 3>(to.noise.prf, to.g.r(), 0, keccak, j);
  prf<B, 3>(to.noise.prf + 3, to.g.r(), 3, keccak, j);
  prf<B, 1>(to.noise.prf + 6, to.g.r(), 6, keccak, j);
  j.finish(keccak);
}

// Computes the hashes of hash_decaps() for a key that is used once, and also its A_hat and H(ek).
// `h` is the H(ek) that the encoding of the key contains, which the caller compares with pub.h.
// 13 four-lane permutations and 1 single one.
template <Backend B>
void hash_decaps_once(DecapsHashes& to, PublicKey& pub, In<kSymBytes> m, In<kSymBytes> h,
                      In<kSymBytes> z, In<kCiphertextSize> c) noexcept {
  typename B::Keccak4 keccak;
  hash<B>(Out<2 * kSymBytes>(to.g.g), GMessage(m, h));
  JRider<B> j(kSecondRiderLane, JMessage(z, c), to.k_bar);
  HRider<B> h_of_ek(kRiderLane, HMessage(pub.ek), pub.h);
  for (std::size_t first = 0; first < 6; first += 2) {
    sample_matrix_vartime<B, 2>(pub.a_hat, first, rho_of(pub), keccak, j, h_of_ek);
  }
  PrfRider<B, 3> noise(kRiderLane, to.noise.prf + 4, to.g.r(), 4);
  sample_matrix_vartime<B, 3>(pub.a_hat, 6, rho_of(pub), keccak, noise);
  prf<B, 4>(to.noise.prf, to.g.r(), 0, keccak);
}

// ---- Batches: each operation has a lane

// One permutation for riders that each have a lane of their own.
template <Backend B, class Rider>
void permute_all(typename B::Keccak4& keccak, std::span<Rider> riders) noexcept {
  unsigned lanes = 0;
  for (Rider& rider : riders) lanes |= rider.feed(keccak);
  keccak.permute(lanes);
  for (Rider& rider : riders) rider.collect(keccak);
}

// Runs up to four riders, which make(lane) makes, for `permutations` permutations.
template <Backend B, class F>
void run_lanes(typename B::Keccak4& keccak, std::size_t count, std::size_t permutations,
               F make) noexcept {
  using Rider = decltype(make(0u));
  Rider riders[] = {make(0u), make(count > 1 ? 1u : 0u), make(count > 2 ? 2u : 0u),
                    make(count > 3 ? 3u : 0u)};
  for (std::size_t i = 0; i < permutations; ++i) {
    permute_all<B>(keccak, std::span<Rider>(riders, count));
  }
}

// Up to four times Algorithm 13, steps 1 and 8 to 15. 7 four-lane permutations.
template <Backend B>
void hash_four_keygen(KeyNoise (&noise)[kBatch], const KeygenJob* jobs, std::size_t count,
                      typename B::Keccak4& keccak) noexcept {
  std::uint8_t rho_sigma[kBatch][2 * kSymBytes];
  const std::uint8_t k[] = {kK};
  run_lanes<B>(keccak, count, 1, [&](unsigned i) {
    return GRider<B>(i, GMessage(In<kSymBytes>(jobs[i].d, kSymBytes), k), rho_sigma[i]);
  });
  run_lanes<B>(keccak, count, 2 * kK, [&](unsigned i) {
    return PrfRider<B, 2 * kK>(i, noise[i].prf, take_rho<B>(*jobs[i].pub, rho_sigma[i]), 0);
  });
}

// The matrix of one key, beside H(ek) of the key before it, if there is one. 9 four-lane
// permutations.
template <Backend B>
class MatrixBesideHash {
 public:
  MatrixBesideHash(const KeyNoise& prf_outputs, PublicKey& pub, PublicKey* previous,
                   typename B::Keccak4& keccak) noexcept
      : noise(prf_outputs),
        pub_(pub),
        h_(kRiderLane, HMessage((previous != nullptr ? *previous : pub).ek),
           (previous != nullptr ? *previous : pub).h),
        keccak_(keccak) {
    if (previous == nullptr) h_.set_final_blocks(0);
  }

  void sample_row_vartime(std::size_t i) noexcept {
    sample_matrix_vartime<B, kK>(pub_.a_hat, kK * i, rho_of(pub_), keccak_, h_);
  }

  const KeyNoise& noise;

 private:
  PublicKey& pub_;
  HRider<B> h_;
  typename B::Keccak4& keccak_;
};

// Up to four times what hash_encaps() does. 8 four-lane permutations.
template <Backend B>
void hash_four_encaps(KeyAndCoins (&g)[kBatch], EncryptionNoise (&noise)[kBatch],
                      const EncapsJob* jobs, std::size_t count) noexcept {
  typename B::Keccak4 keccak;
  run_lanes<B>(keccak, count, 1, [&](unsigned i) {
    return GRider<B>(i, GMessage(In<kSymBytes>(jobs[i].m, kSymBytes), jobs[i].pub->h), g[i].g);
  });
  run_lanes<B>(keccak, count, 2 * kK + 1,
               [&](unsigned i) { return PrfRider<B, 2 * kK + 1>(i, noise[i].prf, g[i].r(), 0); });
}

// Up to four times what hash_decaps() does, with m[i] for m'. 17 four-lane permutations.
template <Backend B>
void hash_four_decaps(DecapsHashes (&to)[kBatch], const std::uint8_t (&m)[kBatch][kSymBytes],
                      const DecapsJob* jobs, std::size_t count) noexcept {
  typename B::Keccak4 keccak;
  const auto j_message = [&](unsigned i) {
    return JMessage(jobs[i].sec->z, In<kCiphertextSize>(jobs[i].c, kCiphertextSize));
  };
  run_lanes<B>(keccak, count, 1,
               [&](unsigned i) { return GRider<B>(i, GMessage(m[i], jobs[i].pub->h), to[i].g.g); });
  run_lanes<B>(keccak, count, j_message(0).blocks(),
               [&](unsigned i) { return JRider<B>(i, j_message(i), to[i].k_bar); });
  run_lanes<B>(keccak, count, 2 * kK + 1, [&](unsigned i) {
    return PrfRider<B, 2 * kK + 1>(i, to[i].noise.prf, to[i].g.r(), 0);
  });
}

}  // namespace latchkey::mlkem
