// The groups of TLS 1.3, and what libssl is told about them (provider-base(7), "TLS-GROUP
// Capability").
#pragma once

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

#include <cstddef>
#include <string_view>

#include "latchkey/tls_nist.hpp"

namespace latchkey::provider {

using tls::Group;

struct GroupRow {
  Group group;
  const char* name;       // as in the standard, and in Groups of openssl.cnf
  const char* algorithm;  // that of the keys and of the KEM
  unsigned security_bits;
  bool is_default;
};

// The order in which they are offered. The keys of ML-KEM alone have names of their own: they are
// for one connection, unlike those of "ML-KEM-768".
inline constexpr GroupRow kGroups[] = {
    {Group::x25519_mlkem768, "X25519MLKEM768", "X25519MLKEM768", 192, true},
    {Group::secp256r1_mlkem768, "SecP256r1MLKEM768", "SecP256r1MLKEM768", 192, true},
    {Group::secp384r1_mlkem1024, "SecP384r1MLKEM1024", "SecP384r1MLKEM1024", 256, true},
    {Group::mlkem512, "MLKEM512", "TLS-MLKEM512", 128, false},
    {Group::mlkem768, "MLKEM768", "TLS-MLKEM768", 192, false},
    {Group::mlkem1024, "MLKEM1024", "TLS-MLKEM1024", 256, false},
};
inline constexpr std::size_t kGroupCount = sizeof kGroups / sizeof *kGroups;

constexpr std::size_t index_of(Group group) {
  std::size_t i = 0;
  while (kGroups[i].group != group) ++i;
  return i;
}

// OSSL_FUNC_provider_get_capabilities.
OSSL_FUNC_provider_get_capabilities_fn get_capabilities;

}  // namespace latchkey::provider
