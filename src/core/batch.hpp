// Many independent operations at once: the hashes that one operation must do one after another run
// beside those of three others, each in a lane of its own.
#pragma once

#include "core/mlkem.hpp"
#include "core/ops.hpp"

namespace latchkey::core {

// One permutation for riders that each have a lane of their own.
template <Backend B, class Rider>
void permute_all(typename B::Keccak4& keccak, std::span<Rider> riders) noexcept {
  unsigned lanes = 0;
  for (Rider& rider : riders) lanes |= rider.feed(keccak);
  keccak.permute(lanes);
  for (Rider& rider : riders) rider.collect(keccak);
}

// Up to four riders, made by make(lane), carried for so many permutations.
template <Backend B, class F>
void ride(typename B::Keccak4& keccak, std::size_t count, std::size_t permutations,
          F make) noexcept {
  using Rider = decltype(make(0u));
  Rider riders[] = {make(0u), make(count > 1 ? 1u : 0u), make(count > 2 ? 2u : 0u),
                    make(count > 3 ? 3u : 0u)};
  for (std::size_t i = 0; i < permutations; ++i) {
    permute_all<B>(keccak, std::span<Rider>(riders, count));
  }
}

// Algorithm 16 for any number of keys: H(ek) of each rides while the next one's matrix is expanded.
// 10.75 four-lane permutations a key, and 9 single ones at the end.
template <Backend B>
void keygen_many(const KeygenJob* jobs, std::size_t size) noexcept {
  std::uint8_t rho_sigma[kBatch][2 * kSymBytes];
  KeyNoise noise[kBatch];
  typename B::Keccak4 keccak;
  const std::uint8_t k[] = {kK};
  PublicKey* previous = nullptr;
  for (std::size_t count; size > 0; jobs += count, size -= count) {
    count = size < kBatch ? size : kBatch;
    ride<B>(keccak, count, 1, [&](unsigned i) {
      return HashRider<B, GMessage, 64>(i, GMessage(In<kSymBytes>(jobs[i].d, kSymBytes), k),
                                        rho_sigma[i]);
    });
    ride<B>(keccak, count, 2 * kK, [&](unsigned i) {
      const auto sigma = take_rho<B>(*jobs[i].pub, rho_sigma[i]);
      return PrfRider<B, 2 * kK>(i, noise[i], sigma, 0);
    });
    for (std::size_t i = 0; i < count; ++i) {
      PublicKey& pub = *jobs[i].pub;
      std::memcpy(jobs[i].sec->d, jobs[i].d, kSymBytes);
      std::memcpy(jobs[i].sec->z, jobs[i].z, kSymBytes);
      PublicKey& hashed = previous != nullptr ? *previous : pub;
      HRider<B> h(kRiderLane, HMessage(hashed.ek), hashed.h);
      if (previous == nullptr) h.set_ready(0);
      kpke_keygen<B>(pub, *jobs[i].sec, noise[i], [&](std::size_t row) {
        sample_matrix_vartime<B, kK>(pub.a_hat, kK * row, rho_of(pub), keccak, h);
      });
      previous = &pub;
    }
  }
  if (previous != nullptr) hash<B>(Out<kSymBytes>(previous->h), HMessage(previous->ek));
}

// Algorithm 17 for up to four prepared keys: 8 four-lane permutations.
template <Backend B>
void encaps_four(const EncapsJob* jobs, std::size_t count) noexcept {
  std::uint8_t k_r[kBatch][2 * kSymBytes];
  EncryptionNoise noise[kBatch];
  typename B::Keccak4 keccak;
  ride<B>(keccak, count, 1, [&](unsigned i) {
    return HashRider<B, GMessage, 64>(
        i, GMessage(In<kSymBytes>(jobs[i].m, kSymBytes), jobs[i].pub->h), k_r[i]);
  });
  ride<B>(keccak, count, 2 * kK + 1, [&](unsigned i) {
    return PrfRider<B, 2 * kK + 1>(i, noise[i], In<64>(k_r[i]).template last<32>(), 0);
  });
  for (std::size_t i = 0; i < count; ++i) {
    const EncapsJob& job = jobs[i];
    WriteTo c{Out<kCiphertextSize>(job.c, kCiphertextSize)};
    kpke_encrypt<B>(c, *job.pub, In<kSymBytes>(job.m, kSymBytes), noise[i]);
    base::copy(Out<32>(job.key, 32), In<64>(k_r[i]).template first<32>());
  }
}

// Algorithm 18 for up to four prepared keys: 17 four-lane permutations.
template <Backend B>
void decaps_four(const DecapsJob* jobs, std::size_t count) noexcept {
  DecapsWork w[kBatch];
  typename B::Keccak4 keccak;
  const auto c = [&](std::size_t i) { return In<kCiphertextSize>(jobs[i].c, kCiphertextSize); };
  for (std::size_t i = 0; i < count; ++i) kpke_decrypt<B>(w[i].m, jobs[i].sec->s_hat, c(i));
  ride<B>(keccak, count, 1, [&](unsigned i) {
    return HashRider<B, GMessage, 64>(i, GMessage(w[i].m, jobs[i].pub->h), w[i].k_r);
  });
  ride<B>(keccak, count, JMessage(jobs[0].sec->z, c(0)).blocks(),
          [&](unsigned i) { return JRider<B>(i, JMessage(jobs[i].sec->z, c(i)), w[i].k_bar); });
  ride<B>(keccak, count, 2 * kK + 1, [&](unsigned i) {
    return PrfRider<B, 2 * kK + 1>(i, w[i].noise, In<64>(w[i].k_r).template last<32>(), 0);
  });
  for (std::size_t i = 0; i < count; ++i) {
    choose_key<B>(Out<32>(jobs[i].key, 32), *jobs[i].pub, w[i].m, w[i].noise, c(i),
                  In<64>(w[i].k_r).template first<32>(), w[i].k_bar);
  }
}

}  // namespace latchkey::core
