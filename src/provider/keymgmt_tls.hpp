// The keys of TLS groups: made for one connection, and neither stored nor read from anywhere.
#pragma once

#include "base/try.hpp"
#include "provider/keymgmt.hpp"
#include "provider/tls_key.hpp"

namespace latchkey::provider {

template <Group group>
struct TlsKeyFunctions {
  using Key = TlsKey<group>;

  static Result<void> generate(Key& key, View) noexcept { return key.generate(); }
  static int get_private(const Key&, OSSL_PARAM*) noexcept { return 1; }

  static Result<void> import(Key& key, int, const OSSL_PARAM params[]) noexcept {
    View pub;
    const OSSL_PARAM* const param = find(params, OSSL_PKEY_PARAM_PUB_KEY);
    if (param == nullptr || !get_octets(*param, pub)) return Error::encapsulation_key_length;
    return key.set_public(pub);
  }

  static int export_key(const Key& key, int selection, OSSL_CALLBACK* callback,
                        void* argument) noexcept {
    const View pub = key.public_bytes();
    if (pub.empty() || (selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) == 0) return 0;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                          const_cast<std::uint8_t*>(pub.data()), pub.size()),
        OSSL_PARAM_construct_end()};
    return callback(params, argument);
  }
};

template <Group group>
const KeyTable<TlsKey<group>, TlsKeyFunctions<group>> kTlsKeyTable;

}  // namespace latchkey::provider
