// Many independent operations at once (schedule.hpp). Encapsulations and decapsulations have a lane
// each. Key generations share lanes for G and the PRF, and then expand one matrix after another.
#pragma once

#include "mlkem/mlkem.hpp"

namespace latchkey::mlkem {

// Algorithm 16 for any number of keys: H(ek) of each rides while the next one's matrix is expanded.
// 10.75 four-lane permutations a key, and 9 single ones at the end.
template <Backend B>
void keygen_many(const KeygenJob* jobs, std::size_t size) noexcept {
  KeyNoise noise[kBatch];
  typename B::Keccak4 keccak;
  PublicKey* previous = nullptr;
  for (std::size_t count; size > 0; jobs += count, size -= count) {
    count = size < kBatch ? size : kBatch;
    hash_four_keygen<B>(noise, jobs, count, keccak);
    for (std::size_t i = 0; i < count; ++i) {
      PublicKey& pub = *jobs[i].pub;
      SecretKey& sec = *jobs[i].sec;
      std::memcpy(sec.d, jobs[i].d, kSymBytes);
      std::memcpy(sec.z, jobs[i].z, kSymBytes);
      MatrixBesideHash<B> hashes(noise[i], pub, previous, keccak);
      kpke_keygen<B>(pub, sec.s_hat, hashes);
      previous = &pub;
    }
  }
  if (previous != nullptr) hash<B>(Out<kSymBytes>(previous->h), HMessage(previous->ek));
}

// Algorithm 17 for up to four precomputed keys.
template <Backend B>
void encaps_four(const EncapsJob* jobs, std::size_t count) noexcept {
  KeyAndCoins g[kBatch];
  EncryptionNoise noise[kBatch];
  hash_four_encaps<B>(g, noise, jobs, count);
  for (std::size_t i = 0; i < count; ++i) {
    const EncapsJob& job = jobs[i];
    WriteTo c{Out<kCiphertextSize>(job.c, kCiphertextSize)};
    kpke_encrypt<B>(c, *job.pub, In<kSymBytes>(job.m, kSymBytes), noise[i]);
    base::copy(Out<kSharedSecretSize>(job.key, kSharedSecretSize), g[i].K());
  }
}

// Algorithm 18 for up to four precomputed keys.
template <Backend B>
void decaps_four(const DecapsJob* jobs, std::size_t count) noexcept {
  std::uint8_t m[kBatch][kSymBytes];
  DecapsHashes hashes[kBatch];
  const auto c = [&](std::size_t i) { return In<kCiphertextSize>(jobs[i].c, kCiphertextSize); };
  for (std::size_t i = 0; i < count; ++i) kpke_decrypt<B>(m[i], jobs[i].sec->s_hat, c(i));
  hash_four_decaps<B>(hashes, m, jobs, count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto K = Out<kSharedSecretSize>(jobs[i].key, kSharedSecretSize);
    choose_key<B>(K, *jobs[i].pub, m[i], hashes[i], c(i));
  }
}

}  // namespace latchkey::mlkem
