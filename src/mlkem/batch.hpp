// Many independent operations at once (schedule_batch.hpp). Encapsulations and decapsulations have
// a lane each. Key generations share lanes for G and the PRF, and then expand one matrix after
// another.
#pragma once

#include "mlkem/mlkem.hpp"
#include "mlkem/schedule_batch.hpp"

namespace latchkey::mlkem {

// Algorithm 16 for any number of keys: H(ek) of each rides while the next one's matrix is expanded.
// With k = 3: 10.75 four-lane permutations a key, and 9 single ones at the end.
template <Backend B, ParameterSet p>
void keygen_many(const KeygenJob<p>* jobs, std::size_t size) noexcept {
  KeyNoise<p> noise[kBatch];
  typename B::Keccak4 keccak;
  PublicKey<p>* previous = nullptr;
  for (std::size_t count; size > 0; jobs += count, size -= count) {
    count = size < kBatch ? size : kBatch;
    hash_four_keygen<B, p>(noise, jobs, count, keccak);
    for (std::size_t i = 0; i < count; ++i) {
      PublicKey<p>& pub = *jobs[i].pub;
      SecretKey<p>& sec = *jobs[i].sec;
      std::memcpy(sec.d, jobs[i].d, kSymBytes);
      std::memcpy(sec.z, jobs[i].z, kSymBytes);
      MatrixBesideHash<B, p> hashes(noise[i], pub, previous, keccak);
      kpke_keygen<B, p>(pub, sec.s_hat, hashes);
      previous = &pub;
    }
  }
  if (previous != nullptr) hash<B>(Out<kSymBytes>(previous->h), HMessage(previous->ek));
}

// Algorithm 17 for up to four precomputed keys.
template <Backend B, ParameterSet p>
void encaps_four(const EncapsJob<p>* jobs, std::size_t count) noexcept {
  KeyAndCoins g[kBatch];
  EncryptionNoise<p> noise[kBatch];
  hash_four_encaps<B, p>(g, noise, jobs, count);
  for (std::size_t i = 0; i < count; ++i) {
    const EncapsJob<p>& job = jobs[i];
    WriteTo<p> c{Out<p.ciphertext_size()>(job.c, p.ciphertext_size())};
    kpke_encrypt<B, p>(c, *job.pub, In<kSymBytes>(job.m, kSymBytes), noise[i]);
    base::copy(Out<kSharedSecretSize>(job.key, kSharedSecretSize), g[i].K());
  }
}

// Algorithm 18 for up to four precomputed keys.
template <Backend B, ParameterSet p>
void decaps_four(const DecapsJob<p>* jobs, std::size_t count) noexcept {
  std::uint8_t m[kBatch][kSymBytes];
  DecapsHashes<p> hashes[kBatch];
  const auto c = [&](std::size_t i) {
    return In<p.ciphertext_size()>(jobs[i].c, p.ciphertext_size());
  };
  for (std::size_t i = 0; i < count; ++i) kpke_decrypt<B, p>(m[i], jobs[i].sec->s_hat, c(i));
  hash_four_decaps<B, p>(hashes, m, jobs, count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto K = Out<kSharedSecretSize>(jobs[i].key, kSharedSecretSize);
    choose_key<B, p>(K, *jobs[i].pub, m[i], hashes[i], c(i));
  }
}

}  // namespace latchkey::mlkem
