// What is behind the handles of keys (latchkey_kem.h): one kind of private and one of public key
// for all KEMs. What differs is behind pointers to functions, so that latchkey-seal can add KEMs.
#pragma once

#include <memory>

#include "base/try.hpp"
#include "c_api/core/secret.hpp"
#include "latchkey/kem.hpp"
#include "latchkey/latchkey_kem.h"

namespace latchkey::c {

struct KemFunctions;

}  // namespace latchkey::c

struct latchkey_private_key : latchkey::c::Tagged<latchkey_private_key> {
  static constexpr std::uint64_t kTag = 0x6574'6176'6972'706b;  // "kprivate"
  static constexpr const char* kWhat = "private key";

  explicit latchkey_private_key(const latchkey::c::KemFunctions& functions) noexcept
      : kem(functions) {}

  const latchkey::c::KemFunctions& kem;
  latchkey::LockedBuffer parcel = {};  // for children: the seed or, without one, the expanded key
};

struct latchkey_public_key : latchkey::c::Tagged<latchkey_public_key> {
  static constexpr std::uint64_t kTag = 0x6369'6c62'7570'6b6c;  // "lkpublic"
  static constexpr const char* kWhat = "public key";

  explicit latchkey_public_key(const latchkey::c::KemFunctions& functions) noexcept
      : kem(functions) {}

  const latchkey::c::KemFunctions& kem;
};

namespace latchkey::c {

// Frees a handle of keys; null is allowed.
LATCHKEY_FOR_SEAL void free_key(latchkey_private_key* key) noexcept;
LATCHKEY_FOR_SEAL void free_key(latchkey_public_key* key) noexcept;
struct FreeKey {
  template <class Handle>
  void operator()(Handle* key) const noexcept {
    free_key(key);
  }
};
using PrivateKey = std::unique_ptr<latchkey_private_key, FreeKey>;
using PublicKey = std::unique_ptr<latchkey_public_key, FreeKey>;

// A KEM, for handles.
struct KemFunctions {
  latchkey_kem number;
  const char* name;
  std::size_t public_key_size, ciphertext_size, seed_size;
  std::size_t expanded_key_size;  // 0, if it has no such form
  std::size_t randomness_size;    // of encapsulate_derand()

  Result<PrivateKey> (*generate)(PairwiseTest test) noexcept;
  Result<PrivateKey> (*from_seed)(View seed, PairwiseTest test) noexcept;
  Result<PrivateKey> (*import_expanded)(View expanded, ExpandedKeyCheck check) noexcept;
  Result<PublicKey> (*parse)(View bytes) noexcept;
  Result<SharedSecret> (*decapsulate_with_expanded_key)(View expanded, View ciphertext) noexcept;

  // `seed` and `expanded` have the sizes above.
  Result<void> (*export_seed)(const latchkey_private_key& key,
                              std::span<std::uint8_t> seed) noexcept;
  Result<void> (*export_expanded)(const latchkey_private_key& key,
                                  std::span<std::uint8_t> expanded) noexcept;
  bool (*is_locked)(const latchkey_private_key& key) noexcept;
  Result<PublicKey> (*public_half)(const latchkey_private_key& key) noexcept;
  Result<SharedSecret> (*decapsulate)(const latchkey_private_key& key, View ciphertext) noexcept;
  void (*free_private)(latchkey_private_key* key) noexcept;

  Result<PublicKey> (*clone)(const latchkey_public_key& key) noexcept;
  View (*bytes)(const latchkey_public_key& key) noexcept;
  // `ciphertext` and `randomness` have the sizes above.
  Result<SharedSecret> (*encapsulate)(const latchkey_public_key& key,
                                      std::span<std::uint8_t> ciphertext) noexcept;
  Result<SharedSecret> (*encapsulate_derand)(const latchkey_public_key& key, View randomness,
                                             std::span<std::uint8_t> ciphertext) noexcept;
  void (*free_public)(latchkey_public_key* key) noexcept;

  // At most kAtOnce of them; handles that were made before an error stay.
  Result<void> (*generate_some)(std::span<latchkey_private_key*> keys) noexcept;
  Result<void> (*encapsulate_some)(std::span<const latchkey_public_key* const> keys,
                                   std::span<std::uint8_t> ciphertexts,
                                   std::span<latchkey_secret*> secrets) noexcept;
  Result<void> (*decapsulate_some)(std::span<const latchkey_private_key* const> keys,
                                   View ciphertexts, std::span<latchkey_secret*> secrets) noexcept;
};

// A KEM of this library; null for another number.
[[nodiscard]] const KemFunctions* functions_of(latchkey_kem kem) noexcept;

// The handle that was made, or NULL and why.
template <class Handle>
int give(Handle** to, Result<std::unique_ptr<Handle, FreeKey>> made) noexcept {
  if (to == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *to = made ? made->release() : nullptr;
  return made ? LATCHKEY_OK : status_of(made.error());
}

// f(the KEM, the bytes); null stands for a KEM that is not there. Errors: those of f;
// unknown_value, null_argument.
template <class F>
auto with_kem(const KemFunctions* kem, View bytes, F f) noexcept -> decltype(f(*kem, bytes)) {
  if (kem == nullptr) return Error::unknown_value;
  if (is_missing(bytes)) return Error::null_argument;
  return f(*kem, bytes);
}

// What makes keys, for the KEMs of both libraries; null stands for one that is not there.
inline int generate(const KemFunctions* kem, int test, latchkey_private_key** key) noexcept {
  if (!is_choice(test)) return give(key, Error::unknown_value);
  return give(key, with_kem(kem, {}, [&](const KemFunctions& functions, View) noexcept {
                return functions.generate(PairwiseTest{test == 1});
              }));
}
inline int from_seed(const KemFunctions* kem, View seed, int test,
                     latchkey_private_key** key) noexcept {
  if (!is_choice(test)) return give(key, Error::unknown_value);
  return give(key, with_kem(kem, seed, [&](const KemFunctions& functions, View bytes) noexcept {
                return functions.from_seed(bytes, PairwiseTest{test == 1});
              }));
}
inline int parse(const KemFunctions* kem, View bytes, latchkey_public_key** key) noexcept {
  return give(key, with_kem(kem, bytes, [](const KemFunctions& functions, View all) noexcept {
                return functions.parse(all);
              }));
}

}  // namespace latchkey::c
