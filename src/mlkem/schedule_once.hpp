// Which hashes share a permutation where a key is used once, from its encoding. schedule.hpp has
// the others, and says how to read the pictures.
//
//   encaps_once          3          3            3       first: 1    1
//     lane 0..2          row 0      row 1        row 2      G   y[0..2]  e1[1..2], e2
//     lane 3             H(ek) .......................          e1[0]
//
//   k = 4: H(ek) is done before the matrix.
//                        12                     1    2          3
//     lane 0             twelve entries         three more      the last one
//     lane 1             of A_hat                               e1[1..2]
//     lane 2                                                    e1[3], e2
//     lane 3             H(ek) ...............  G    y[0..1]    y[2..3], e1[0]
//
//   decaps_once   first: 9                       3               1
//     lane 0, 1   G      six entries of A_hat    row 2 ......    y, e1[0]
//     lane 2             J(z || c)               row 2           ...
//     lane 3             H(ek)                   e1[1..2], e2    ...
//
//   k = 2: G rides, too.  6                     1       1
//     lane 0, 1          A_hat                  y[0..1] ...
//     lane 2             J(z || c)              e1[0]   e1[1]
//     lane 3             G, H(ek) ..................    e2
//
//   k = 4, the same:     12                     1       2        3                    3
//     lane 0, 1          eight entries          three more ...   three more           the last two
//     lane 2             J(z || c)              ...     ...      ...                  e2
//     lane 3             G, H(ek) ...........   ...     y[0..1]  y[2..3], e1[0]       e1[1..3]
//
// Permutations of four lanes, and single ones after the plus sign:
//
//                    ML-KEM-512    ML-KEM-768    ML-KEM-1024
//   encaps_once      8 + 1         11 + 1        18
//   decaps_once      8             13 + 1        21
//
// tests/mlkem/permutations_test.cpp counts them.
#pragma once

#include "mlkem/schedule.hpp"

namespace latchkey::mlkem {

// Permutes until the riders are done.
template <Backend B, class... Riders>
void complete(typename B::Keccak4& keccak, Riders&... riders) noexcept {
  while (!(riders.is_done() && ...)) permute<B>(keccak, 0, riders...);
}

// ---- Encaps

// A_hat in threes, with H(ek), G and the noise in the last lane one after another. When H is done
// before the last group but one, and the last group is one entry, its other lanes have the rest of
// the noise.
template <ParameterSet p>
struct EncapsOncePlan {
  static constexpr auto kGroups = make_groups<p.k>([](std::size_t, std::size_t) { return 3u; });
  static constexpr std::size_t kPermutations = kGroups.count * kPermutationsOfGroup;
  static constexpr std::size_t kBeforeNoise = blocks_of_h(p) + 1;  // in the last lane: H and G
  static constexpr std::size_t kCount = EncryptionNoise<p>::kCount;
  // Nonces from 0 on in the last lane; half of the others in each of the other two.
  static constexpr std::size_t kInLastLane = kPermutations > kBeforeNoise
                                                 ? std::min(kCount, kPermutations - kBeforeNoise)
                                                 : 0;
  static constexpr std::size_t kHalf = kInLastLane + (kCount - kInLastLane + 1) / 2;
  static constexpr bool kIsBest = p.eta1 == p.eta2 && kGroups.group[kGroups.count - 1].size == 1 &&
                                  kBeforeNoise + kPermutationsOfGroup <= kPermutations &&
                                  kHalf - kInLastLane <= kPermutationsOfGroup;
};

// A_hat and H(ek) of a known ek, whose key is used once, and what hash_encaps() does.
template <Backend B, ParameterSet p>
void hash_encaps_once(KeyAndCoins& g, EncryptionNoise<p>& noise, PublicKey<p>& pub,
                      In<kSymBytes> m) noexcept {
  using Plan = EncapsOncePlan<p>;
  if constexpr (!Plan::kIsBest) {
    sample_matrix_and_hash_vartime<B, p>(pub);
    hash_encaps<B, p>(g, noise, m, pub.h);
  } else {
    using Prf = PrfRider<B, EncryptionNoise<p>>;
    typename B::Keccak4 keccak;
    HRider<B> h(kRiderLane, HMessage(pub.ek), pub.h);
    GRider<B> coins(kRiderLane, GMessage(m, pub.h), g.g);
    Prf most(kRiderLane, noise, g.r(), {.end = Plan::kInLastLane});
    InTurn coins_and_most(coins, most);
    InTurn last_lane(h, coins_and_most);
    Prf one(1, noise, g.r(), {.first = Plan::kInLastLane, .end = Plan::kHalf});
    Prf other(2, noise, g.r(), {.first = Plan::kHalf, .end = Plan::kCount});
    for_each_group<Plan::kGroups>([&](auto, auto first, auto size) __attribute__((always_inline)) {
      if constexpr (size == 1) {
        sample_matrix_vartime<B, size>(pub.a_hat, first, rho_of(pub), keccak, last_lane, one,
                                       other);
      } else {
        sample_group_vartime<B, size>(pub, first, keccak, last_lane);
      }
    });
    complete<B>(keccak, last_lane, one, other);
  }
}

// ---- Decaps

template <ParameterSet p>
struct DecapsOncePlan {
  // Two entries at a time while J and H run, then three beside the noise.
  static constexpr std::size_t kPairs =
      (std::max(blocks_of_h(p), blocks_of_j(p)) + kPermutationsOfGroup - 1) / kPermutationsOfGroup;
  static constexpr auto kGroups =
      make_groups<p.k>([](std::size_t g, std::size_t) { return g < kPairs ? 2u : 3u; });
  static constexpr std::size_t kCount = EncryptionNoise<p>::kCount;

  // With G before H, the lane of H and then of noise is this much longer than the groups.
  static constexpr std::size_t kPermutations = kGroups.count * kPermutationsOfGroup;
  static constexpr std::size_t kBeforeNoise = 1 + blocks_of_h(p);
  // The last block of H beside y, which takes two permutations.
  static constexpr bool kGRidesBesidePairs = p.k == 2 && kGroups.count == kPairs &&
                                             kBeforeNoise == kPermutations + 1 &&
                                             prf_blocks(p.eta1) == 2 && prf_blocks(p.eta2) == 1;
  // All noise beside the groups: what the last lane has no room for, beside the last group.
  static constexpr std::size_t kInLastLane = kPermutations > kBeforeNoise
                                                 ? std::min(kCount, kPermutations - kBeforeNoise)
                                                 : 0;
  static constexpr bool kGRidesBesideThrees =
      p.eta1 == p.eta2 && prf_blocks(p.eta1) == 1 &&
      kGroups.count > kPairs&& kGroups.group[kGroups.count - 1].size == 2 &&
      kCount - kInLastLane <= kPermutationsOfGroup;
};

// Computes the hashes of hash_decaps() for a key that is used once, and also its A_hat and H(ek).
// `h` is the H(ek) that the encoding of the key contains, which the caller compares with pub.h.
template <Backend B, ParameterSet p>
void hash_decaps_once(DecapsHashes<p>& to, PublicKey<p>& pub, In<kSymBytes> m, In<kSymBytes> h,
                      In<kSymBytes> z, In<p.ciphertext_size()> c) noexcept {
  using Plan = DecapsOncePlan<p>;
  using Prf = PrfRider<B, EncryptionNoise<p>>;
  static_assert(Plan::kGroups.count >= Plan::kPairs);
  constexpr bool kGRides = Plan::kGRidesBesidePairs || Plan::kGRidesBesideThrees;

  typename B::Keccak4 keccak;
  const GMessage coins(m, h);
  JRider<B> j(kSecondRiderLane, JMessage(z, c), to.k_bar);
  HRider<B> h_of_ek(kRiderLane, HMessage(pub.ek), pub.h);
  if constexpr (kGRides) {
    GRider<B> g(kRiderLane, coins, to.g.g);
    constexpr std::size_t kInLastLane = Plan::kGRidesBesidePairs ? 0 : Plan::kInLastLane;
    // y has lanes of its own beside pairs, and then two of the others have the second lane.
    constexpr std::size_t kFirst = Plan::kGRidesBesidePairs ? 4 : 0;
    constexpr std::size_t kEnd = Plan::kGRidesBesidePairs ? 5 : kInLastLane;
    Prf last(kRiderLane, to.noise, to.g.r(), {.first = kFirst, .end = kEnd});
    Prf second(kSecondRiderLane, to.noise, to.g.r(),
               {.first = Plan::kGRidesBesidePairs ? 2 : kInLastLane,
                .end = Plan::kGRidesBesidePairs ? 4 : Plan::kCount});
    InTurn h_and_last(h_of_ek, last);
    InTurn last_lane(g, h_and_last);
    for_each_group<Plan::kGroups>([&](auto number, auto first,
                                      auto size) __attribute__((always_inline)) {
      if constexpr (number < Plan::kPairs) {
        sample_matrix_vartime<B, size>(pub.a_hat, first, rho_of(pub), keccak, j, last_lane);
      } else if constexpr (size == 3) {
        sample_matrix_vartime<B, size>(pub.a_hat, first, rho_of(pub), keccak, last_lane);
      } else {
        sample_matrix_vartime<B, size>(pub.a_hat, first, rho_of(pub), keccak, second, last_lane);
      }
    });
    if constexpr (Plan::kGRidesBesidePairs) {
      prf<B, p.k, p.eta1>(to.noise, to.g.r(), 0, keccak, second, last_lane);
    }
    complete<B>(keccak, second, last_lane);
  } else {
    constexpr std::size_t kRiding =
        p.eta1 == p.eta2
            ? std::min(Plan::kCount, (Plan::kGroups.count - Plan::kPairs) * kPermutationsOfGroup)
            : 0;
    constexpr std::size_t kAlone = Plan::kCount - kRiding;
    hash<B>(Out<2 * kSymBytes>(to.g.g), coins);
    Prf noise(kRiderLane, to.noise, to.g.r(), {.first = kAlone, .end = Plan::kCount});
    for_each_group<Plan::kGroups>([&](auto number, auto first,
                                      auto size) __attribute__((always_inline)) {
      if constexpr (number < Plan::kPairs) {
        sample_matrix_vartime<B, size>(pub.a_hat, first, rho_of(pub), keccak, j, h_of_ek);
      } else {
        sample_matrix_vartime<B, size>(pub.a_hat, first, rho_of(pub), keccak, noise);
      }
    });
    if constexpr (kRiding == 0) {
      sample_noise<B, 4>(to.noise, to.g.r(), keccak);
    } else {
      prf_in_lanes<B, 4, p.eta1, 0, kAlone>(to.noise, to.g.r(), keccak);
    }
  }
}

}  // namespace latchkey::mlkem
