// Which hashes of a batch share a permutation: each operation has a lane. schedule.hpp has the
// others.
#pragma once

#include "mlkem/schedule_keygen.hpp"

namespace latchkey::mlkem {

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
