// What the provider's section of openssl.cnf may say (packaging/openssl-latchkey.cnf,
// docs/tutorial-tls.md).
//
// - groups = X25519MLKEM768:SecP256r1MLKEM768: offered to TLS; the three hybrids by default.
// - tls = off: no group is offered.
// - memory = require, or best_effort, no_memfd_secret, no_memfd_secret+best_effort.
// - inherit_keys = yes: keys of EVP may be used in children of fork().
// - counters = /run/latchkey/counters: a file that counts negotiated groups.
//
// Those of OpenSSL 3.5's own ML-KEM (EVP_PKEY-ML-KEM(7)) mean the same: ml-kem.input_formats,
// ml-kem.output_formats, ml-kem.retain_seed, ml-kem.prefer_seed and ml-kem.import_pct_type.
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
  Forms input, output;      // of private keys of ML-KEM
  bool retain_seed = true;  // a key remembers the seed that it was made of
  bool prefer_seed = true;  // a file's seed makes the key, where there is an expanded key, too
  bool import_test = true;  // an expanded key is tried out when it comes
  const char* counters = nullptr;  // libcrypto's, as long as the provider is loaded
};

// Reads the section. On an error, which is then in libcrypto's list, returns 0.
[[nodiscard]] int read_settings(Context& context) noexcept;

}  // namespace latchkey::provider
