// Which hashes of key generation share a permutation. schedule.hpp has the others, and says how to
// read the pictures.
//
//   k = 3         first: 1          3            3        3
//     lane 0..2   G      s[0..2]    row 0        row 1    row 2
//     lane 3             e[0]       e[1], e[2]   H(ek) ......    then the rest of H(ek) alone
//
//   k = 4         first: 1          3            3             3          3        3
//     lane 0..2   G      s[0..2]    entries 0..2 4..6          7..9       10..12   13..15
//     lane 3             s[3]       entry 3      e[0..2]       e[3], H(ek) ..................
//
//   k = 2         first: 2          1            1             2
//     lane 0, 1   G      row 0 .............     row 1 .............
//     lane 2             s[0] ...   e[0] ...............
//     lane 3             s[1] ...   e[1] ...............       H(ek) ..
//
// H(ek) hashes ek, which is t_hat encoded, so it can ride once t_hat[0] is there: once there are
// row 0, s and e[0].
//
// Permutations of four lanes, and single ones after the plus sign: 6 + 5 with ML-KEM-512, 10 + 5
// with ML-KEM-768, 16 + 5 with ML-KEM-1024. tests/mlkem/permutations_test.cpp counts them.
#pragma once

#include "mlkem/schedule.hpp"

namespace latchkey::mlkem {

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
  // What of the noise does not fill four lanes rides before H. Where rows fill lanes, the first
  // group is four entries, and t_hat[0] has to wait for e[0], which rides beside the second one.
  static constexpr std::size_t kCount = KeyNoise<p>::kCount;
  static constexpr std::size_t kFirstRiding =
      prf_blocks(p.eta1) == 1 ? std::min<std::size_t>(4, kCount) : kCount;
  static constexpr Groups<p.k> kGroups =
      make_groups<p.k>([](std::size_t g, std::size_t) { return p.k > 3 && g == 0 ? 4u : 3u; });

  // The row for which a group is sampled: the first one that lacks an entry of it, or e of whose
  // noise rides beside it.
  static constexpr std::size_t row_of(std::size_t group) {
    std::size_t noise = kFirstRiding, i = 0;
    for (std::size_t g = 0; g < group; ++g) {
      if (kGroups.group[g].size < 4) noise += kPermutationsOfGroup;
    }
    while (kGroups.group[group].first >= (i + 1) * p.k && noise >= std::min(p.k + i + 1, kCount))
      ++i;
    return i;
  }

 public:
  // Steps 1 and 8 to 15, but for the noise that rides.
  KeygenHashes(PublicKey<p>& pub, In<kSymBytes> d) noexcept
      : pub_(pub),
        e_(kRiderLane, noise, In<2 * kSymBytes>(rho_sigma_).template last<kSymBytes>(),
           {.first = kFirstRiding, .end = kCount}),
        h_(kRiderLane, HMessage(pub.ek), pub.h) {
    const std::uint8_t k[] = {p.k};
    hash<B>(Out<2 * kSymBytes>(rho_sigma_), GMessage(d, k));
    prf_in_lanes<B, 4, p.eta1, 0, kFirstRiding>(noise, take_rho<B>(pub, rho_sigma_), keccak_);
  }

  KeygenHashes(const KeygenHashes&) = delete;  // the riders point into it
  KeygenHashes& operator=(const KeygenHashes&) = delete;

  // Steps 4 to 6, for what is not there yet of row i, and e of the noise; s with row 0. t_hat[0] to
  // t_hat[i - 1] have been encoded.
  void sample_row_vartime(std::size_t i) noexcept {
    h_.set_final_blocks(final_blocks_of_h(i));
    for_each_group<kGroups>([&](auto g, auto first, auto size) __attribute__((always_inline)) {
      constexpr std::size_t kRow = row_of(g);
      if (i == kRow) sample_group_vartime<B, size>(pub_, first, keccak_, last_lane_);
    });
  }

  // The rest of H(ek), once all of ek is there: more than nothing, since its last bytes came last.
  static_assert(final_blocks_of_h(p.k - 1) < blocks_of_h(p));
  void finish() noexcept { h_.finish(keccak_); }

  KeyNoise<p> noise;

 private:
  using Prf = PrfRider<B, KeyNoise<p>>;

  PublicKey<p>& pub_;
  std::uint8_t rho_sigma_[2 * kSymBytes];
  Prf e_;
  HRider<B> h_;
  InTurn<Prf, HRider<B>> last_lane_{e_, h_};
  typename B::Keccak4 keccak_;
};

// The same with k = 2, whose four entries of A_hat leave two lanes in pairs: all of the noise
// rides, and is there after the first permutation for row 1.
template <Backend B, ParameterSet p>
requires(p.k == 2) class KeygenHashes<B, p> {
  using Prf = PrfRider<B, KeyNoise<p>>;
  static_assert(2 * prf_blocks(p.eta1) <= kPermutationsOfGroup + 1);

 public:
  KeygenHashes(PublicKey<p>& pub, In<kSymBytes> d) noexcept
      : pub_(pub),
        even_(kSecondRiderLane, noise, sigma(), {.first = 0, .step = 2, .end = 4}),
        odd_(kRiderLane, noise, sigma(), {.first = 1, .step = 2, .end = 4}),
        h_(kRiderLane, HMessage(pub.ek), pub.h),
        row_1_(pub.a_hat, 2) {
    const std::uint8_t k[] = {p.k};
    hash<B>(Out<2 * kSymBytes>(rho_sigma_), GMessage(d, k));
    take_rho<B>(pub, rho_sigma_);
  }

  KeygenHashes(const KeygenHashes&) = delete;  // the riders point into it
  KeygenHashes& operator=(const KeygenHashes&) = delete;

  void sample_row_vartime(std::size_t i) noexcept {
    h_.set_final_blocks(final_blocks_of_h(i));
    if (i == 0) {
      sample_matrix_vartime<B, 2>(pub_.a_hat, 0, rho_of(pub_), keccak_, even_, last_lane_);
      row_1_.start(rho_of(pub_), keccak_);
      row_1_.next_block(0, keccak_, even_, last_lane_);
    } else {
      row_1_.next_block(1, keccak_, last_lane_);
      row_1_.next_block(2, keccak_, last_lane_);
      row_1_.finish_vartime(keccak_, last_lane_);
    }
  }

  static_assert(final_blocks_of_h(1) < blocks_of_h(p));
  void finish() noexcept { h_.finish(keccak_); }

  KeyNoise<p> noise;

 private:
  In<kSymBytes> sigma() const noexcept {
    return In<2 * kSymBytes>(rho_sigma_).template last<kSymBytes>();
  }

  PublicKey<p>& pub_;
  std::uint8_t rho_sigma_[2 * kSymBytes];
  Prf even_, odd_;
  HRider<B> h_;
  InTurn<Prf, HRider<B>> last_lane_{odd_, h_};
  MatrixStreams<B, 2, 2> row_1_;
  typename B::Keccak4 keccak_;
};

}  // namespace latchkey::mlkem
