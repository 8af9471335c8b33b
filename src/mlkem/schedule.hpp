// Which hashes share a permutation. No other file knows: kpke.hpp and mlkem.hpp use the results.
// Those of incremental encapsulation have a file of their own, schedule_incremental.hpp.
//
// Four sponges that do not depend on each other run side by side in the lanes of one Keccak4. A_hat
// is sampled in groups of two to four entries, for three permutations each, or more if a stream is
// late; riders (riders.hpp) have the lanes that a group leaves. In the pictures, which are those of
// ML-KEM-768, each column says how many permutations it is.
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
// Permutations of four lanes, and single ones after the plus sign:
//
//                    ML-KEM-512    ML-KEM-768    ML-KEM-1024
//   keygen           5 + 7         10 + 5        17 + 5
//   precompute       6             9             15
//   encaps           2 + 1         2 + 1         3 + 1
//   decaps           4 + 2         4 + 5         4 + 8
//   decaps_once      8 + 1         13 + 1        21 + 1
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

// ---- K-PKE.KeyGen and H(ek)

// Splits the output of Algorithm 13, step 1: copies rho into the key, and returns sigma.
template <Backend B, ParameterSet p>
In<kSymBytes> take_rho(PublicKey<p>& pub, In<2 * kSymBytes> rho_sigma) noexcept {
  base::copy(std::span(pub.ek).template last<kSymBytes>(), rho_sigma.template first<kSymBytes>());
  base::declassify(rho_of(pub).data(), kSymBytes);  // rho is part of the encapsulation key
  return rho_sigma.template last<kSymBytes>();
}

// Whole blocks of H's input that are final once `rows` polynomials of t_hat are encoded.
inline constexpr std::size_t final_blocks_of_h(std::size_t rows) {
  return base::quotient<kSha3_256Rate>(rows * encoded_size(12));
}

// What Algorithm 13 hashes for one key, and H(ek) of Algorithm 16, step 3.
template <Backend B, ParameterSet p>
class KeygenHashes {
  // H(ek) can ride once a row is encoded. With k = 3 the noise fills the lane beside the first row;
  // with k = 4 two rows go by in full groups.
  static constexpr Groups<p.k> kGroups = make_groups<p.k>([](std::size_t, std::size_t first) {
    return p.k != 3 && first + 4 <= std::max<std::size_t>(2 * p.k, 4) ? 4u : 3u;
  });
  // The nonces that ride beside the first group are the last ones.
  static constexpr std::size_t kFourNonces = 4;
  static constexpr bool kNoiseRides =
      kGroups.group[0].size < 4 && 2 * p.k > kFourNonces &&
      (2 * p.k - kFourNonces) * prf_blocks(p.eta1) <= kPermutationsOfGroup;
  static constexpr std::size_t kFirstRiding = kNoiseRides ? kFourNonces : 2 * p.k;

 public:
  // Steps 1 and 8 to 15, but for the noise that rides.
  KeygenHashes(PublicKey<p>& pub, In<kSymBytes> d) noexcept
      : pub_(pub),
        e_(kRiderLane, noise, In<2 * kSymBytes>(rho_sigma_).template last<kSymBytes>(),
           kFirstRiding),
        h_(kRiderLane, HMessage(pub.ek), pub.h) {
    const std::uint8_t k[] = {p.k};
    hash<B>(Out<2 * kSymBytes>(rho_sigma_), GMessage(d, k));
    prf_in_lanes<B, 4, p.eta1, 0, kFirstRiding>(noise, take_rho<B>(pub, rho_sigma_), keccak_);
  }

  KeygenHashes(const KeygenHashes&) = delete;  // the riders point into it
  KeygenHashes& operator=(const KeygenHashes&) = delete;

  // Steps 4 to 6, for what is not there yet of row i. t_hat[0] to t_hat[i - 1] have been encoded.
  void sample_row_vartime(std::size_t i) noexcept {
    h_.set_final_blocks(final_blocks_of_h(i));
    for_each_group<kGroups>([&](auto, auto first, auto size) __attribute__((always_inline)) {
      if (i != first / p.k) return;
      if constexpr (first == 0) {
        sample_group_vartime<B, size>(pub_, first, keccak_, e_);
      } else {
        sample_group_vartime<B, size>(pub_, first, keccak_, h_);
      }
    });
  }

  // The rest of H(ek), once all of ek is there: more than nothing, since its last bytes came last.
  static_assert(final_blocks_of_h(p.k - 1) < blocks_of_h(p));
  void finish() noexcept { h_.finish(keccak_); }

  KeyNoise<p> noise;

 private:
  PublicKey<p>& pub_;
  std::uint8_t rho_sigma_[2 * kSymBytes];
  PrfRider<B, KeyNoise<p>> e_;
  HRider<B> h_;
  typename B::Keccak4 keccak_;
};

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

// Computes the hashes of hash_decaps() for a key that is used once, and also its A_hat and H(ek).
// `h` is the H(ek) that the encoding of the key contains, which the caller compares with pub.h.
template <Backend B, ParameterSet p>
void hash_decaps_once(DecapsHashes<p>& to, PublicKey<p>& pub, In<kSymBytes> m, In<kSymBytes> h,
                      In<kSymBytes> z, In<p.ciphertext_size()> c) noexcept {
  // Two entries at a time while J and H run, then three beside the noise.
  constexpr auto kPairs =
      (std::max(blocks_of_h(p), blocks_of_j(p)) + kPermutationsOfGroup - 1) / kPermutationsOfGroup;
  constexpr auto kGroups =
      make_groups<p.k>([](std::size_t g, std::size_t) { return g < kPairs ? 2u : 3u; });
  static_assert(kGroups.count >= kPairs);
  constexpr std::size_t kCount = EncryptionNoise<p>::kCount;
  constexpr std::size_t kRiding =
      p.eta1 == p.eta2 ? std::min(kCount, (kGroups.count - kPairs) * kPermutationsOfGroup) : 0;

  typename B::Keccak4 keccak;
  hash<B>(Out<2 * kSymBytes>(to.g.g), GMessage(m, h));
  JRider<B> j(kSecondRiderLane, JMessage(z, c), to.k_bar);
  HRider<B> h_of_ek(kRiderLane, HMessage(pub.ek), pub.h);
  PrfRider<B, EncryptionNoise<p>> noise(kRiderLane, to.noise, to.g.r(), kCount - kRiding);
  for_each_group<kGroups>([&](auto g, auto first, auto size) __attribute__((always_inline)) {
    if constexpr (g < kPairs) {
      sample_matrix_vartime<B, size>(pub.a_hat, first, rho_of(pub), keccak, j, h_of_ek);
    } else {
      sample_matrix_vartime<B, size>(pub.a_hat, first, rho_of(pub), keccak, noise);
    }
  });
  if constexpr (kRiding == 0) {
    sample_noise<B, 4>(to.noise, to.g.r(), keccak);
  } else {
    prf_in_lanes<B, 4, p.eta1, 0, kCount - kRiding>(to.noise, to.g.r(), keccak);
  }
}

// ---- Batches: each operation has a lane

// Runs up to four riders, which make(lane) makes, for `permutations` permutations.
template <Backend B, class F>
void run_lanes(typename B::Keccak4& keccak, std::size_t count, std::size_t permutations,
               F make) noexcept {
  using Rider = decltype(make(0u));
  Rider riders[] = {make(0u), make(count > 1 ? 1u : 0u), make(count > 2 ? 2u : 0u),
                    make(count > 3 ? 3u : 0u)};
  RidersOf<Rider> all{std::span(riders).first(count)};
  for (std::size_t i = 0; i < permutations; ++i) permute<B>(keccak, 0, all);
}

// Up to four times Algorithm 13, steps 1 and 8 to 15. With k = 3: 7 four-lane permutations.
template <Backend B, ParameterSet p>
void hash_four_keygen(KeyNoise<p> (&noise)[kBatch], const KeygenJob<p>* jobs, std::size_t count,
                      typename B::Keccak4& keccak) noexcept {
  std::uint8_t rho_sigma[kBatch][2 * kSymBytes];
  const std::uint8_t k[] = {p.k};
  run_lanes<B>(keccak, count, 1, [&](unsigned i) {
    return GRider<B>(i, GMessage(In<kSymBytes>(jobs[i].d, kSymBytes), k), rho_sigma[i]);
  });
  run_lanes<B>(keccak, count, 2 * p.k * prf_blocks(p.eta1), [&](unsigned i) {
    return PrfRider<B, KeyNoise<p>>(i, noise[i], take_rho<B>(*jobs[i].pub, rho_sigma[i]));
  });
}

// The matrix of one key, beside H(ek) of the key before it, if there is one.
template <Backend B, ParameterSet p>
class MatrixBesideHash {
 public:
  MatrixBesideHash(const KeyNoise<p>& prf_outputs, PublicKey<p>& pub, PublicKey<p>* previous,
                   typename B::Keccak4& keccak) noexcept
      : noise(prf_outputs),
        pub_(pub),
        h_(kRiderLane, HMessage((previous != nullptr ? *previous : pub).ek),
           (previous != nullptr ? *previous : pub).h),
        keccak_(keccak) {
    if (previous == nullptr) h_.set_final_blocks(0);
  }

  void sample_row_vartime(std::size_t i) noexcept {
    for_each_group<kGroupsBesideHash<p>>([&](auto, auto first,
                                             auto size) __attribute__((always_inline)) {
      if (i != first / p.k) return;
      sample_group_vartime<B, size>(pub_, first, keccak_, h_);
    });
  }

  const KeyNoise<p>& noise;

 private:
  PublicKey<p>& pub_;
  HRider<B> h_;
  typename B::Keccak4& keccak_;
};

// Up to four times what hash_encaps() does. With k = 3: 8 four-lane permutations.
template <Backend B, ParameterSet p>
void hash_four_encaps(KeyAndCoins (&g)[kBatch], EncryptionNoise<p> (&noise)[kBatch],
                      const EncapsJob<p>* jobs, std::size_t count) noexcept {
  typename B::Keccak4 keccak;
  run_lanes<B>(keccak, count, 1, [&](unsigned i) {
    return GRider<B>(i, GMessage(In<kSymBytes>(jobs[i].m, kSymBytes), jobs[i].pub->h), g[i].g);
  });
  run_lanes<B>(keccak, count, kBlocksOfNoise<p>,
               [&](unsigned i) { return PrfRider<B, EncryptionNoise<p>>(i, noise[i], g[i].r()); });
}

// Up to four times what hash_decaps() does, with m[i] for m'. With k = 3: 17 four-lane
// permutations.
template <Backend B, ParameterSet p>
void hash_four_decaps(DecapsHashes<p> (&to)[kBatch], const std::uint8_t (&m)[kBatch][kSymBytes],
                      const DecapsJob<p>* jobs, std::size_t count) noexcept {
  typename B::Keccak4 keccak;
  const auto j_message = [&](unsigned i) {
    return JMessage(jobs[i].sec->z, In<p.ciphertext_size()>(jobs[i].c, p.ciphertext_size()));
  };
  run_lanes<B>(keccak, count, 1,
               [&](unsigned i) { return GRider<B>(i, GMessage(m[i], jobs[i].pub->h), to[i].g.g); });
  run_lanes<B>(keccak, count, j_message(0).blocks(),
               [&](unsigned i) { return JRider<B>(i, j_message(i), to[i].k_bar); });
  run_lanes<B>(keccak, count, kBlocksOfNoise<p>, [&](unsigned i) {
    return PrfRider<B, EncryptionNoise<p>>(i, to[i].noise, to[i].g.r());
  });
}

}  // namespace latchkey::mlkem
