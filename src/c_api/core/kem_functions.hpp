// How the classes of a KEM do what handles need: KemFunctions for any Kem of kem.hpp.
#pragma once

#include <algorithm>
#include <array>

#include "c_api/core/batch.hpp"
#include "c_api/core/kem.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"

namespace latchkey::c {

// A handle's key of a KEM.
template <class K>
struct PrivateKeyOf : latchkey_private_key {
  explicit PrivateKeyOf(typename K::DecapsulationKey made) noexcept;
  typename K::DecapsulationKey key;
};
template <class K>
struct PublicKeyOf : latchkey_public_key {
  explicit PublicKeyOf(typename K::EncapsulationKey made) noexcept;
  typename K::EncapsulationKey key;
};

// The key itself, of a handle that is for K.
template <class K>
const typename K::DecapsulationKey& key_in(const latchkey_private_key& handle) noexcept {
  return static_cast<const PrivateKeyOf<K>&>(handle).key;
}
template <class K>
const typename K::EncapsulationKey& key_in(const latchkey_public_key& handle) noexcept {
  return static_cast<const PublicKeyOf<K>&>(handle).key;
}

// A handle for a key.
template <class K>
Result<PrivateKey> private_handle(Result<typename K::DecapsulationKey> made) noexcept {
  if (!made) return made.error();
  PrivateKey handle(make<PrivateKeyOf<K>>(std::move(*made)));
  if (handle == nullptr) return Error::no_memory;
  return handle;
}
template <class K>
Result<PublicKey> public_handle(Result<typename K::EncapsulationKey> made) noexcept {
  if (!made) return made.error();
  PublicKey handle(make<PublicKeyOf<K>>(std::move(*made)));
  if (handle == nullptr) return Error::no_memory;
  return handle;
}

template <class K>
inline constexpr bool kHasExpandedKey = false;
template <MlKem set>
inline constexpr bool kHasExpandedKey<MlKemOf<set>> = true;

template <class K>
inline constexpr std::size_t kRandomnessSize = 32;
template <>
inline constexpr std::size_t kRandomnessSize<XWing> = xwing::kEncapsulationSeedSize;

// Encapsulation with given randomness, of kRandomnessSize<K> bytes.
template <class K>
struct Derand {
  static Result<typename K::Encapsulation> encapsulate(const typename K::EncapsulationKey& key,
                                                       View randomness) noexcept {
    return derand::encapsulate(key, randomness.first<kRandomnessSize<K>>());
  }
};

// How a KEM's classes do what handles need.
template <class K>
struct Functions {
  using Private = const latchkey_private_key&;
  using Public = const latchkey_public_key&;
  using Sent = Result<typename K::Encapsulation>;

  static Result<PrivateKey> generate(PairwiseTest test) noexcept {
    return private_handle<K>(K::DecapsulationKey::generate(test));
  }
  static Result<PrivateKey> from_seed(View seed, PairwiseTest test) noexcept {
    return private_handle<K>(K::DecapsulationKey::from_seed(seed, test));
  }
  static Result<PrivateKey> import_expanded(View expanded, ExpandedKeyCheck check) noexcept {
    if constexpr (kHasExpandedKey<K>) {
      return private_handle<K>(K::DecapsulationKey::import_expanded(expanded, check));
    }
    return Error::unknown_value;
  }
  static Result<PublicKey> parse(View bytes) noexcept {
    return public_handle<K>(K::EncapsulationKey::parse(bytes));
  }
  static Result<SharedSecret> decapsulate_with_expanded_key(View expanded,
                                                            View ciphertext) noexcept {
    if constexpr (kHasExpandedKey<K>) {
      return latchkey::decapsulate_with_expanded_key<set_of(K())>(expanded, ciphertext);
    }
    return Error::unknown_value;
  }

  static Result<void> export_seed(Private key, std::span<std::uint8_t> seed) noexcept {
    return key_in<K>(key).export_seed(seed.template first<K::kSeedSize>());
  }
  static Result<void> export_expanded(Private key, std::span<std::uint8_t> expanded) noexcept {
    if constexpr (kHasExpandedKey<K>) {
      using Expanded = typename K::DecapsulationKey::Expanded;
      return key_in<K>(key).export_expanded(expanded.template first<Expanded::extent>());
    }
    return Error::unknown_value;
  }
  static bool is_locked(Private key) noexcept { return key_in<K>(key).is_locked(); }
  static Result<PublicKey> public_half(Private key) noexcept {
    return public_handle<K>(key_in<K>(key).encapsulation_key().clone());
  }
  static Result<SharedSecret> decapsulate(Private key, View ciphertext) noexcept {
    return key_in<K>(key).decapsulate(ciphertext);
  }
  static void free_private(latchkey_private_key* key) noexcept {
    release(static_cast<PrivateKeyOf<K>*>(key));
  }

  static Result<PublicKey> clone(Public key) noexcept {
    return public_handle<K>(key_in<K>(key).clone());
  }
  static View bytes(Public key) noexcept { return key_in<K>(key).bytes(); }
  static Result<SharedSecret> encapsulate(Public key, std::span<std::uint8_t> ciphertext) noexcept {
    return send(key_in<K>(key).encapsulate(), ciphertext);
  }
  static Result<SharedSecret> encapsulate_derand(Public key, View randomness,
                                                 std::span<std::uint8_t> ciphertext) noexcept {
    return send(Derand<K>::encapsulate(key_in<K>(key), randomness), ciphertext);
  }
  static void free_public(latchkey_public_key* key) noexcept {
    release(static_cast<PublicKeyOf<K>*>(key));
  }

  static Result<void> generate_some(std::span<latchkey_private_key*> keys) noexcept {
    std::array<typename K::DecapsulationKey, kAtOnce> made;
    LATCHKEY_TRY(BatchOf<K>::generate(std::span(made).first(keys.size())));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto handle = LATCHKEY_TRY(private_handle<K>(std::move(made[i])));
      keys[i] = handle.release();
    }
    return {};
  }
  static Result<void> encapsulate_some(std::span<const latchkey_public_key* const> handles,
                                       std::span<std::uint8_t> ciphertexts,
                                       std::span<latchkey_secret*> secrets) noexcept {
    std::array<const typename K::EncapsulationKey*, kAtOnce> keys{};
    std::array<typename K::Encapsulation, kAtOnce> sent;
    for (std::size_t i = 0; i < handles.size(); ++i) keys[i] = &key_in<K>(*handles[i]);
    LATCHKEY_TRY(BatchOf<K>::encapsulate(std::span(keys).first(handles.size()),
                                         std::span(sent).first(handles.size())));
    for (std::size_t i = 0; i < handles.size(); ++i) {
      std::ranges::copy(sent[i].ciphertext, &ciphertexts[i * K::kCiphertextSize]);
      secrets[i] = make<latchkey_secret>(std::move(sent[i].secret));
      if (secrets[i] == nullptr) return Error::no_memory;
    }
    return {};
  }
  static Result<void> decapsulate_some(std::span<const latchkey_private_key* const> handles,
                                       View ciphertexts,
                                       std::span<latchkey_secret*> secrets) noexcept {
    std::array<const typename K::DecapsulationKey*, kAtOnce> keys{};
    std::array<decltype(K::Encapsulation::ciphertext), kAtOnce> received;
    std::array<SharedSecret, kAtOnce> made;
    for (std::size_t i = 0; i < handles.size(); ++i) {
      keys[i] = &key_in<K>(*handles[i]);
      std::memcpy(received[i].data(), &ciphertexts[i * K::kCiphertextSize], K::kCiphertextSize);
    }
    LATCHKEY_TRY(BatchOf<K>::decapsulate(std::span(keys).first(handles.size()),
                                         std::span(received).first(handles.size()),
                                         std::span(made).first(handles.size())));
    for (std::size_t i = 0; i < handles.size(); ++i) {
      secrets[i] = make<latchkey_secret>(std::move(made[i]));
      if (secrets[i] == nullptr) return Error::no_memory;
    }
    return {};
  }

 private:
  template <MlKem set>
  static constexpr MlKem set_of(MlKemOf<set>) noexcept {
    return set;
  }

  static Result<SharedSecret> send(Sent sent, std::span<std::uint8_t> ciphertext) noexcept {
    if (!sent) return sent.error();
    std::memcpy(ciphertext.data(), sent->ciphertext.data(), ciphertext.size());
    return std::move(sent->secret);
  }
};

template <class K>
inline constexpr std::size_t kExpandedKeySize = 0;
template <MlKem set>
inline constexpr std::size_t kExpandedKeySize<MlKemOf<set>> = sizes_of(set).decapsulation_key;

template <class K, class F = Functions<K>>
inline constexpr KemFunctions kKemFunctions = {K::kHpkeId,
                                               K::kName,
                                               K::kEncapsulationKeySize,
                                               K::kCiphertextSize,
                                               K::kSeedSize,
                                               kExpandedKeySize<K>,
                                               kRandomnessSize<K>,
                                               F::generate,
                                               F::from_seed,
                                               F::import_expanded,
                                               F::parse,
                                               F::decapsulate_with_expanded_key,
                                               F::export_seed,
                                               F::export_expanded,
                                               F::is_locked,
                                               F::public_half,
                                               F::decapsulate,
                                               F::free_private,
                                               F::clone,
                                               F::bytes,
                                               F::encapsulate,
                                               F::encapsulate_derand,
                                               F::free_public,
                                               F::generate_some,
                                               F::encapsulate_some,
                                               F::decapsulate_some};

template <class K>
PrivateKeyOf<K>::PrivateKeyOf(typename K::DecapsulationKey made) noexcept
    : latchkey_private_key(kKemFunctions<K>), key(std::move(made)) {}
template <class K>
PublicKeyOf<K>::PublicKeyOf(typename K::EncapsulationKey made) noexcept
    : latchkey_public_key(kKemFunctions<K>), key(std::move(made)) {}

}  // namespace latchkey::c
