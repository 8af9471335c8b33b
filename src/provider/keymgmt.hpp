// KEYMGMT: keys as libcrypto holds them (provider-keymgmt(7)), for every kind of key.
//
// Names of parameters and behaviour are those of OpenSSL 3.5's own ML-KEM (EVP_PKEY-ML-KEM(7)):
// "pub" and "encoded-pub-key", "priv" (the expanded key), "seed".
#pragma once

#include <array>
#include <cstring>

#include "base/wipe.hpp"
#include "provider/context.hpp"
#include "provider/dispatch.hpp"
#include "provider/object.hpp"
#include "provider/params.hpp"

namespace latchkey::provider {

// What keys of every kind share. What they do not is in `Own`:
//
//   // A fresh pair, or the one of a seed that is not empty.
//   static Result<void> generate(Key& key, View seed) noexcept;
//   // The private half, as far as `params` ask for it. 0 on an error, which is in the list.
//   static int get_private(const Key& key, OSSL_PARAM params[]) noexcept;
//   static Result<void> import(Key& key, int selection, const OSSL_PARAM params[]) noexcept;
//   static int export_key(const Key& key, int selection, OSSL_CALLBACK*, void*) noexcept;
template <class Key, class Own>
struct KeyFunctions {
  static constexpr std::size_t kSeedSize = Key::kSeedSize;

  // A key to be generated.
  struct Generation {
    Generation(const Context& of, bool pair) noexcept : context(of), wants_pair(pair) {}

    const Context& context;
    bool wants_pair;
    bool has_seed = false;
    base::Scrubbed<std::array<std::uint8_t, kSeedSize>> seed{};
  };

  static Key& key_of(void* key) noexcept { return *static_cast<Key*>(key); }
  static const Key& key_of(const void* key) noexcept { return *static_cast<const Key*>(key); }

  static void* create(void* provider) noexcept {
    const auto& context = *static_cast<const Context*>(provider);
    Key* const key = make<Key>(context);
    if (key == nullptr) fail(context, Error::no_memory);
    return key;
  }
  static void release(void* key) noexcept { destroy(static_cast<Key*>(key)); }

  static int has(const void* key, int selection) noexcept {
    if (key == nullptr) return 0;
    const Key& it = key_of(key);
    return ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) == 0 || it.has_public()) &&
           ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 || it.has_private());
  }

  // A private key belongs to one public key, so these are compared.
  static int match(const void* one, const void* other, int selection) noexcept {
    if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0) return 1;
    const View a = key_of(one).public_bytes(), b = key_of(other).public_bytes();
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
  }

  // ---- Generation

  static void* begin_generation(void* provider, int selection, const OSSL_PARAM params[]) noexcept {
    const auto& context = *static_cast<const Context*>(provider);
    auto* const generation =
        make<Generation>(context, (selection & OSSL_KEYMGMT_SELECT_KEYPAIR) != 0);
    if (generation == nullptr) {
      fail(context, Error::no_memory);
    } else if (set_generation_params(generation, params) == 0) {
      destroy(generation);
      return nullptr;
    }
    return generation;
  }
  static void end_generation(void* generation) noexcept {
    destroy(static_cast<Generation*>(generation));
  }

  // libssl names the group once more, which is no news.
  static int set_generation_params(void* state, const OSSL_PARAM params[]) noexcept {
    auto& generation = *static_cast<Generation*>(state);
    if constexpr (!Key::kIsEphemeral) {
      if (const OSSL_PARAM* const param = find(params, kSeedParam)) {
        View seed;
        if (!get_octets(*param, seed) || seed.size() != kSeedSize) {
          return fail(generation.context, Error::seed_length, "'seed' must have %zu bytes",
                      kSeedSize);
        }
        std::memcpy(generation.seed->data(), seed.data(), seed.size());
        generation.has_seed = true;
      }
    }
    return 1;
  }

  static const OSSL_PARAM* settable_for_generation(void*, void*) noexcept {
    static constexpr OSSL_PARAM kOfTls[] = {text(OSSL_PKEY_PARAM_GROUP_NAME), kEnd};
    static constexpr OSSL_PARAM kOfKem[] = {octets(kSeedParam), text(OSSL_PKEY_PARAM_PROPERTIES),
                                            kEnd};
    return Key::kIsEphemeral ? kOfTls : kOfKem;
  }

  // A pair, or an empty key for a peer's public half.
  static void* generate(void* state, OSSL_CALLBACK*, void*) noexcept {
    auto& generation = *static_cast<Generation*>(state);
    Key* const key = make<Key>(generation.context);
    if (key == nullptr) {
      fail(generation.context, Error::no_memory);
      return nullptr;
    }
    Result<void> done;
    if (generation.wants_pair) {
      const View seed = *generation.seed;
      done = Own::generate(*key, generation.has_seed ? seed.first(kSeedSize) : View());
      base::wipe(generation.seed->data(), generation.seed->size());
      generation.has_seed = false;
    }
    if (done) return key;
    fail(generation.context, done.error());
    destroy(key);
    return nullptr;
  }

  // ---- Parameters

  // Fills in a number or an octet string, if it is asked for.
  static bool give(OSSL_PARAM params[], const char* name, int value) noexcept {
    OSSL_PARAM* const param = find(params, name);
    return param == nullptr || OSSL_PARAM_set_int(param, value) == 1;
  }
  static bool give(OSSL_PARAM params[], const char* name, View bytes) noexcept {
    OSSL_PARAM* const param = bytes.empty() ? nullptr : find(params, name);
    return param == nullptr || OSSL_PARAM_set_octet_string(param, bytes.data(), bytes.size()) == 1;
  }

  static int get_params(void* key, OSSL_PARAM params[]) noexcept {
    const Key& it = key_of(key);
    const View pub = it.public_bytes();
    const bool done = give(params, OSSL_PKEY_PARAM_BITS, Key::kBits) &&
                      give(params, OSSL_PKEY_PARAM_SECURITY_BITS, Key::kSecurityBits) &&
                      give(params, OSSL_PKEY_PARAM_MAX_SIZE, Key::kCiphertextSize) &&
                      give(params, kCategoryParam, Key::kSecurityBits / 32 - 3) &&
                      give(params, OSSL_PKEY_PARAM_PUB_KEY, pub) &&
                      give(params, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, pub);
    if (!done) return fail(it.context(), Error::wrong_size);
    return Own::get_private(it, params);
  }
  static const OSSL_PARAM* gettable(void*) noexcept {
    static constexpr OSSL_PARAM kOfTls[] = {number(OSSL_PKEY_PARAM_BITS),
                                            number(OSSL_PKEY_PARAM_SECURITY_BITS),
                                            number(OSSL_PKEY_PARAM_MAX_SIZE),
                                            octets(OSSL_PKEY_PARAM_PUB_KEY),
                                            octets(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY),
                                            kEnd};
    static constexpr OSSL_PARAM kOfKem[] = {number(OSSL_PKEY_PARAM_BITS),
                                            number(OSSL_PKEY_PARAM_SECURITY_BITS),
                                            number(OSSL_PKEY_PARAM_MAX_SIZE),
                                            number(kCategoryParam),
                                            octets(OSSL_PKEY_PARAM_PUB_KEY),
                                            octets(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY),
                                            octets(OSSL_PKEY_PARAM_PRIV_KEY),
                                            octets(kSeedParam),
                                            kEnd};
    return Key::kIsEphemeral ? kOfTls : kOfKem;
  }

  // A peer's public key, in a key that has none: libssl's way.
  static int set_params(void* key, const OSSL_PARAM params[]) noexcept {
    const OSSL_PARAM* const param = find(params, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY);
    if (param == nullptr) return 1;
    Key& it = key_of(key);
    View bytes;
    if (!get_octets(*param, bytes)) return fail(it.context(), Error::encapsulation_key_length);
    return finish(it.context(), it.set_public(bytes));
  }
  static const OSSL_PARAM* settable(void*) noexcept {
    static constexpr OSSL_PARAM kParams[] = {octets(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY), kEnd};
    return kParams;
  }

  // ---- Import and export

  static int import(void* key, int selection, const OSSL_PARAM params[]) noexcept {
    Key& it = key_of(key);
    if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0) return 0;
    return finish(it.context(), Own::import(it, selection, params));
  }
  static int export_key(void* key, int selection, OSSL_CALLBACK* callback,
                        void* argument) noexcept {
    return Own::export_key(key_of(key), selection, callback, argument);
  }
  static const OSSL_PARAM* types(int selection) noexcept {
    static constexpr OSSL_PARAM kPublic[] = {octets(OSSL_PKEY_PARAM_PUB_KEY), kEnd};
    static constexpr OSSL_PARAM kPair[] = {octets(OSSL_PKEY_PARAM_PUB_KEY),
                                           octets(OSSL_PKEY_PARAM_PRIV_KEY), octets(kSeedParam),
                                           kEnd};
    if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0) return nullptr;
    const bool wants_private = (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0;
    return wants_private && !Key::kIsEphemeral ? kPair : kPublic;
  }
};

// The functions as libcrypto's table. `more` is for rows that only some keys have.
template <class Key, class Own, class... More>
struct KeyTable {
  using F = KeyFunctions<Key, Own>;

  OSSL_DISPATCH rows[18 + sizeof...(More)];

  KeyTable(More... more) noexcept
      : rows{row(OSSL_FUNC_KEYMGMT_NEW, F::create),
             row(OSSL_FUNC_KEYMGMT_FREE, F::release),
             row(OSSL_FUNC_KEYMGMT_HAS, F::has),
             row(OSSL_FUNC_KEYMGMT_MATCH, F::match),
             row(OSSL_FUNC_KEYMGMT_GEN_INIT, F::begin_generation),
             row(OSSL_FUNC_KEYMGMT_GEN_SET_PARAMS, F::set_generation_params),
             row(OSSL_FUNC_KEYMGMT_GEN_SETTABLE_PARAMS, F::settable_for_generation),
             row(OSSL_FUNC_KEYMGMT_GEN, F::generate),
             row(OSSL_FUNC_KEYMGMT_GEN_CLEANUP, F::end_generation),
             row(OSSL_FUNC_KEYMGMT_GET_PARAMS, F::get_params),
             row(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, F::gettable),
             row(OSSL_FUNC_KEYMGMT_SET_PARAMS, F::set_params),
             row(OSSL_FUNC_KEYMGMT_SETTABLE_PARAMS, F::settable),
             row(OSSL_FUNC_KEYMGMT_IMPORT, F::import),
             row(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, F::types),
             row(OSSL_FUNC_KEYMGMT_EXPORT, F::export_key),
             row(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, F::types),
             more...,
             kEndOfTable} {}
};

}  // namespace latchkey::provider
