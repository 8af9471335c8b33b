// The settings: lines of the provider's section of openssl.cnf. docs/provider.md lists them all.
//
// - groups: the groups that TLS gets from the provider, with colons between them. Default: the
//   three hybrids.
// - tls = off: TLS gets no group from the provider.
// - memory: require (the default), best_effort, no_memfd_secret, no_memfd_secret+best_effort.
// - inherit_keys = yes: children of fork() may use keys of EVP. Default: no.
// - counters: the file that counts negotiated groups. Default: none.
//
// The settings of OpenSSL 3.5's own ML-KEM (EVP_PKEY-ML-KEM(7)) mean the same here:
// ml-kem.input_formats, ml-kem.output_formats, ml-kem.retain_seed, ml-kem.prefer_seed and
// ml-kem.import_pct_type.
#pragma once

#include <cstdint>
#include <string_view>

#include "latchkey/result.hpp"
#include "latchkey/secret_memory.hpp"
#include "provider/forms.hpp"
#include "provider/groups.hpp"

namespace latchkey::provider {

struct Context;

struct Settings {
  bool stands_aside = false;      // libcrypto has ML-KEM and these groups itself
  bool offers[kGroupCount] = {};  // in the order of kGroups
  Policy policy = Policy::require;
  bool inherit_keys = false;
  Forms input, output;             // of private keys of ML-KEM
  bool retain_seed = true;         // a key keeps the seed that it was made from
  bool prefer_seed = true;         // of a file with seed and expanded key, the seed is used
  bool import_test = true;         // an imported expanded key is tested
  const char* counters = nullptr;  // libcrypto's, as long as the provider is loaded
};

// Reads the section. Returns 1, or 0 on an error, which is then in libcrypto's list.
[[nodiscard]] int read_settings(Context& context) noexcept;

}  // namespace latchkey::provider
