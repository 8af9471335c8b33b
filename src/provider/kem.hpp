// KEM: encapsulation and decapsulation (provider-kem(7)), for every kind of key.
//
// Sizes, a call with null to ask for them, and the parameter "ikme" are those of OpenSSL 3.5's own
// ML-KEM (EVP_KEM-ML-KEM(7)).
#pragma once

#include <array>
#include <cstring>

#include "base/wipe.hpp"
#include "provider/context.hpp"
#include "provider/counters.hpp"
#include "provider/dispatch.hpp"
#include "provider/object.hpp"
#include "provider/params.hpp"

namespace latchkey::provider {

template <class Key>
struct KemOperation {
  const Key* key = nullptr;
  bool encapsulates = false;
  bool has_ikme = false;
  base::Scrubbed<std::array<std::uint8_t, Key::kIkmeSize>> ikme{};
};

template <class Key>
struct KemFunctions {
  using Operation = KemOperation<Key>;

  static void* create(void* provider) noexcept {
    auto* const operation = make<Operation>();
    if (operation == nullptr) fail(*static_cast<const Context*>(provider), Error::no_memory);
    return operation;
  }
  static void release(void* operation) noexcept { destroy(static_cast<Operation*>(operation)); }

  template <bool encapsulates>
  static int begin(void* state, void* key, const OSSL_PARAM params[]) noexcept {
    auto& operation = *static_cast<Operation*>(state);
    operation.key = static_cast<const Key*>(key);
    operation.encapsulates = encapsulates;
    operation.has_ikme = false;
    if (encapsulates ? !operation.key->has_public() : !operation.key->has_private()) {
      return fail(operation.key->context(), Error::not_a_key, "the key has no %s half",
                  encapsulates ? "public" : "private");
    }
    return set_params(state, params);
  }

  static int set_params(void* state, const OSSL_PARAM params[]) noexcept {
    auto& operation = *static_cast<Operation*>(state);
    const OSSL_PARAM* const param = find(params, kIkmeParam);
    if (param == nullptr || Key::kIkmeSize == 0 || !operation.encapsulates) return 1;
    View ikme;
    if (!get_octets(*param, ikme) || ikme.size() != Key::kIkmeSize) {
      return fail(operation.key->context(), Error::seed_length, "'ikme' must have %zu bytes",
                  Key::kIkmeSize);
    }
    std::memcpy(operation.ikme->data(), ikme.data(), ikme.size());
    operation.has_ikme = true;
    return 1;
  }

  static const OSSL_PARAM* settable(void*, void*) noexcept {
    static constexpr OSSL_PARAM kWithIkme[] = {octets(kIkmeParam), kEnd};
    return Key::kIkmeSize == 0 ? &kEnd : kWithIkme;
  }

  // With `out` null, tells the sizes alone.
  static int encapsulate(void* state, unsigned char* out, std::size_t* out_size,
                         unsigned char* secret, std::size_t* secret_size) noexcept {
    auto& operation = *static_cast<Operation*>(state);
    const Context& context = operation.key->context();
    if (out != nullptr) {
      if (out_size == nullptr || *out_size < Key::kCiphertextSize || secret == nullptr ||
          secret_size == nullptr || *secret_size < Key::kSecretSize) {
        return fail(context, Error::wrong_size,
                    "the ciphertext needs room for %zu bytes, and the secret for %zu",
                    Key::kCiphertextSize, Key::kSecretSize);
      }
      const View ikme = operation.has_ikme ? View(*operation.ikme) : View();
      const auto done = operation.key->encapsulate(
          std::span<std::uint8_t, Key::kCiphertextSize>(out, Key::kCiphertextSize),
          std::span<std::uint8_t, Key::kSecretSize>(secret, Key::kSecretSize), ikme);
      // The same randomness is not used twice.
      base::wipe(operation.ikme->data(), Key::kIkmeSize);
      operation.has_ikme = false;
      if (!done) return fail(context, done.error());
      count<Key>(context, Side::server);
    } else if (out_size == nullptr && secret_size == nullptr) {
      return fail(context, Error::wrong_size, "no buffer and no size was given");
    }
    if (out_size != nullptr) *out_size = Key::kCiphertextSize;
    if (secret_size != nullptr) *secret_size = Key::kSecretSize;
    return 1;
  }

  static int decapsulate(void* state, unsigned char* secret, std::size_t* secret_size,
                         const unsigned char* in, std::size_t in_size) noexcept {
    auto& operation = *static_cast<Operation*>(state);
    const Context& context = operation.key->context();
    if (secret_size == nullptr || (secret != nullptr && *secret_size < Key::kSecretSize)) {
      return fail(context, Error::wrong_size, "the secret needs room for %zu bytes",
                  Key::kSecretSize);
    }
    if (secret != nullptr) {
      const auto done = operation.key->decapsulate(
          std::span<std::uint8_t, Key::kSecretSize>(secret, Key::kSecretSize),
          in == nullptr ? View() : View(in, in_size));
      if (!done) return fail(context, done.error());
      count<Key>(context, Side::client);
    }
    *secret_size = Key::kSecretSize;
    return 1;
  }
};

// The functions as libcrypto's table.
template <class Key>
struct KemTable {
  using F = KemFunctions<Key>;

  OSSL_DISPATCH rows[9] = {
      row(OSSL_FUNC_KEM_NEWCTX, F::create),
      row(OSSL_FUNC_KEM_FREECTX, F::release),
      row(OSSL_FUNC_KEM_ENCAPSULATE_INIT, F::template begin<true>),
      row(OSSL_FUNC_KEM_DECAPSULATE_INIT, F::template begin<false>),
      row(OSSL_FUNC_KEM_ENCAPSULATE, F::encapsulate),
      row(OSSL_FUNC_KEM_DECAPSULATE, F::decapsulate),
      row(OSSL_FUNC_KEM_SET_CTX_PARAMS, F::set_params),
      row(OSSL_FUNC_KEM_SETTABLE_CTX_PARAMS, F::settable),
      kEndOfTable,
  };
};
template <class Key>
const KemTable<Key> kKemTable;

}  // namespace latchkey::provider
