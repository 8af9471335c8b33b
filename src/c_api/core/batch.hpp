// Some operations of a KEM at once, for the batches of latchkey_kem.h: by batch.hpp where the KEM
// has batches, one by one elsewhere.
#pragma once

#include <array>

#include "base/try.hpp"
#include "latchkey/batch.hpp"
#include "latchkey/kem.hpp"

namespace latchkey::c {

// How many operations go to batch.hpp together: as many as share anything. More would need a heap.
inline constexpr std::size_t kAtOnce = 8;

// One by one.
template <class K>
struct OneByOne {
  using Private = typename K::DecapsulationKey;
  using Public = typename K::EncapsulationKey;
  using Sent = typename K::Encapsulation;
  using Ciphertext = decltype(Sent::ciphertext);

  static Result<void> generate(std::span<Private> keys) noexcept {
    for (auto& key : keys) key = LATCHKEY_TRY(Private::generate());
    return {};
  }
  static Result<void> encapsulate(std::span<const Public* const> keys,
                                  std::span<Sent> sent) noexcept {
    for (std::size_t i = 0; i < keys.size(); ++i) sent[i] = LATCHKEY_TRY(keys[i]->encapsulate());
    return {};
  }
  static Result<void> decapsulate(std::span<const Private* const> keys,
                                  std::span<const Ciphertext> ciphertexts,
                                  std::span<SharedSecret> secrets) noexcept {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      secrets[i] = LATCHKEY_TRY(keys[i]->decapsulate(ciphertexts[i]));
    }
    return {};
  }
};

template <class K>
struct BatchOf : OneByOne<K> {};

template <MlKem set>
struct BatchOf<MlKemOf<set>> {
  static Result<void> generate(std::span<MlKemDecapsulationKey<set>> keys) noexcept {
    return generate_batch<set>(keys);
  }
  static Result<void> encapsulate(std::span<const MlKemEncapsulationKey<set>* const> keys,
                                  std::span<MlKemEncapsulation<set>> sent) noexcept {
    return encapsulate_batch<set>(keys, sent);
  }
  static Result<void> decapsulate(std::span<const MlKemDecapsulationKey<set>* const> keys,
                                  std::span<const MlKemCiphertext<set>> ciphertexts,
                                  std::span<SharedSecret> secrets) noexcept {
    return decapsulate_batch<set>(keys, ciphertexts, secrets);
  }
};

template <>
struct BatchOf<XWing> {
  static Result<void> generate(std::span<xwing::DecapsulationKey> keys) noexcept {
    return OneByOne<XWing>::generate(keys);
  }
  static Result<void> encapsulate(std::span<const xwing::EncapsulationKey* const> keys,
                                  std::span<xwing::Encapsulation> sent) noexcept {
    return xwing::encapsulate_batch(keys, sent);
  }
  static Result<void> decapsulate(std::span<const xwing::DecapsulationKey* const> keys,
                                  std::span<const xwing::Ciphertext> ciphertexts,
                                  std::span<SharedSecret> secrets) noexcept {
    return xwing::decapsulate_batch(keys, ciphertexts, secrets);
  }
};

}  // namespace latchkey::c
