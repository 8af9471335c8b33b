// A library context of libcrypto with a configuration of its own, and what its providers offer to
// TLS. The process's default context stays without a configuration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "openssl_owned.hpp"
#include "tls_config.hpp"

namespace latchkey::cli {

// A group that a provider has for libssl.
struct ProviderGroup {
  std::string provider, name;
  std::uint16_t id;
};

// To be called first, so that nothing loads the default file into the default context.
void start_openssl() noexcept;

struct TlsContext {
  Owned<OSSL_LIB_CTX> library;
  std::string fault;        // why a part of the configuration has no effect
  bool is_refused = false;  // with config_diagnostics, programs fail if there is a fault
};

// Loads the configuration as libssl does for a program: what fails is left out.
TlsContext load_tls_context(const TlsConfiguration& configuration);

bool is_provider_active(const TlsContext& context, const char* name);

// Why the module cannot be loaded with the lines of its section; empty if it can. While libcrypto
// reads a configuration, it tells nobody why a module is refused.
std::string try_tls_module(const TlsConfiguration& configuration);

// Of all active providers, those that libssl uses.
std::vector<ProviderGroup> groups_of_providers(const TlsContext& context);

// Calls of libssl that make a context for a client or for a server of this configuration. Null on a
// failure, with a reason in the error queue.
Owned<SSL_CTX> make_tls_client(const TlsContext& context);
// With an ephemeral certificate for P-256.
Owned<SSL_CTX> make_tls_server(const TlsContext& context);

// Names of the list that libssl does not know: with one of them, it ignores the whole list.
std::vector<std::string> unknown_groups(const TlsContext& context, const std::string& list);

}  // namespace latchkey::cli
