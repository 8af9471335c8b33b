// What the provider's section of openssl.cnf may say. docs/tutorial-tls.md explains each line.
//
//   groups       = X25519MLKEM768:SecP256r1MLKEM768    offered to TLS; the three hybrids by default
//   tls          = off                                 no group is offered
//   memory       = require                             or best_effort; no_memfd_secret,
//   no_memfd_secret+best_effort inherit_keys = yes                                 keys of EVP may
//   be used in children of fork() counters     = /run/latchkey/counters              a file that
//   counts negotiated groups
#pragma once

#include <cstdint>
#include <string_view>

#include "latchkey/result.hpp"
#include "latchkey/secret_memory.hpp"
#include "provider/groups.hpp"

namespace latchkey::provider {

struct Context;

struct Settings {
  bool offers[kGroupCount] = {};  // in the order of kGroups
  Policy policy = Policy::require;
  bool inherit_keys = false;
  const char* counters = nullptr;  // libcrypto's, as long as the provider is loaded
};

// Reads the section. On an error, which is then in libcrypto's list, returns 0.
[[nodiscard]] int read_settings(Context& context) noexcept;

}  // namespace latchkey::provider
