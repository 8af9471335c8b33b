// The keys of ML-KEM and X-Wing as EVP has them.
#pragma once

#include <utility>

#include "base/stack.hpp"
#include "base/try.hpp"
#include "provider/kem_key.hpp"
#include "provider/keymgmt.hpp"

namespace latchkey::provider {

// An octet string of `params`. Empty if it is not there, or no octet string.
inline View octets_in(const OSSL_PARAM params[], const char* name) noexcept {
  View bytes;
  const OSSL_PARAM* const param = find(params, name);
  return param != nullptr && get_octets(*param, bytes) ? bytes : View();
}

template <class K>
struct KemKeyFunctions {
  using Key = KemKey<K>;
  using Seed = base::Scrubbed<std::array<std::uint8_t, Key::kSeedSize>>;
  using Private = base::Scrubbed<std::array<std::uint8_t, Key::kPrivateSize>>;

  static Key& key_of(void* key) noexcept { return *static_cast<Key*>(key); }
  static const Key& key_of(const void* key) noexcept { return *static_cast<const Key*>(key); }

  static Result<void> generate(Key& key, View seed) noexcept {
    return seed.empty() ? key.generate() : key.set_seed(seed);
  }

  static int get_private(const Key& key, OSSL_PARAM params[]) noexcept {
    if (!key.has_private()) return 1;
    const Context& context = key.context();
    if (OSSL_PARAM* const param = find(params, OSSL_PKEY_PARAM_PRIV_KEY)) {
      Private bytes;
      if (const auto done = key.export_private(*bytes); !done) return finish(context, done);
      if (OSSL_PARAM_set_octet_string(param, bytes->data(), bytes->size()) != 1) {
        return fail(context, Error::wrong_size);
      }
    }
    OSSL_PARAM* const param = Key::kHasExpanded ? find(params, kSeedParam) : nullptr;
    if (param == nullptr) return 1;
    Seed seed;
    const auto done = key.export_seed(*seed);
    if (!done) return done.error() == Error::no_seed ? 1 : finish(context, done);
    return OSSL_PARAM_set_octet_string(param, seed->data(), seed->size()) == 1
               ? 1
               : fail(context, Error::wrong_size);
  }

  // The private half from its seed, or else from its bytes; both have to agree.
  static Result<void> import_private(Key& key, View seed, View bytes) noexcept {
    if (seed.empty()) return key.set_private(bytes);
    return bytes.empty() ? key.set_seed(seed) : key.set_both(seed, bytes);
  }

  static Result<void> import(Key& key, int selection, const OSSL_PARAM params[]) noexcept {
    const View pub = octets_in(params, OSSL_PKEY_PARAM_PUB_KEY);
    const View bytes = octets_in(params, OSSL_PKEY_PARAM_PRIV_KEY);
    const View seed = octets_in(params, kSeedParam);
    const bool wants_private = (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0;
    if (!wants_private || (bytes.empty() && seed.empty())) return key.set_public(pub);
    LATCHKEY_TRY(import_private(key, seed, bytes));
    const View own = key.public_bytes();
    if (!pub.empty() &&
        (pub.size() != own.size() || std::memcmp(pub.data(), own.data(), own.size()) != 0)) {
      return Error::public_key_mismatch;
    }
    return {};
  }

  static int export_key(const Key& key, int selection, OSSL_CALLBACK* callback,
                        void* argument) noexcept {
    const View pub = key.public_bytes();
    if (pub.empty() || (selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0) return 0;
    Private bytes;
    Seed seed;
    OSSL_PARAM params[4];
    std::size_t count = 0;
    const auto add = [&](const char* name, View value) noexcept {
      params[count++] = OSSL_PARAM_construct_octet_string(
          name, const_cast<std::uint8_t*>(value.data()), value.size());
    };
    if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0 && key.has_private()) {
      if (Key::kHasExpanded && key.export_seed(*seed)) add(kSeedParam, *seed);
      if (const auto done = key.export_private(*bytes); !done) return finish(key.context(), done);
      add(OSSL_PKEY_PARAM_PRIV_KEY, *bytes);
    }
    add(OSSL_PKEY_PARAM_PUB_KEY, pub);
    params[count] = OSSL_PARAM_construct_end();
    return callback(params, argument);
  }

  static void* duplicate(const void* from, int selection) noexcept {
    const Key& it = key_of(from);
    const Context& context = it.context();
    Key* const key = make<Key>(context);
    if (key == nullptr) {
      fail(context, Error::no_memory);
      return nullptr;
    }
    Result<void> done;
    if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) != 0 && it.has_public()) {
      done = key->copy(it, (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0);
    }
    if (done) return key;
    fail(context, done.error());
    destroy(key);
    return nullptr;
  }

  static int validate(const void* key, int selection, int) noexcept {
    const Key& it = key_of(key);
    if (KeyFunctions<Key, KemKeyFunctions>::has(key, selection) == 0) return 0;
    const int pair = OSSL_KEYMGMT_SELECT_KEYPAIR;  // one half was checked when it came
    return (selection & pair) == pair ? finish(it.context(), it.run_pairwise_test()) : 1;
  }

  // A decoder's key: it changes hands.
  static void* load(const void* reference, std::size_t size) noexcept {
    if (size != sizeof(Key*)) return nullptr;
    auto* const slot = static_cast<Key**>(const_cast<void*>(reference));
    return std::exchange(*slot, nullptr);
  }
};

template <class K>
const KeyTable<KemKey<K>, KemKeyFunctions<K>, OSSL_DISPATCH, OSSL_DISPATCH, OSSL_DISPATCH>
    kKemKeyTable(row(OSSL_FUNC_KEYMGMT_DUP, KemKeyFunctions<K>::duplicate),
                 row(OSSL_FUNC_KEYMGMT_VALIDATE, KemKeyFunctions<K>::validate),
                 row(OSSL_FUNC_KEYMGMT_LOAD, KemKeyFunctions<K>::load));

}  // namespace latchkey::provider
