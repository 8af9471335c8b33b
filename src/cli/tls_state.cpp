// Finds out the state of TLS under a configuration.
#include "tls_state.hpp"

#include <unistd.h>

#include <algorithm>

#include "openssl_errors.hpp"
#include "tls_groups.hpp"

namespace latchkey::cli {
namespace {

// The providers' groups that matter: post-quantum ones, and the one that is asked for.
bool is_of_interest(std::uint16_t id, const std::string& group) {
  return is_post_quantum(id) || name_of_tls_group(id) == group;
}

void find_module(TlsState& state, const TlsContext& context) {
  state.module_file = file_of_tls_module(state.configuration);
  state.module_is_there = ::access(state.module_file.c_str(), F_OK) == 0;
  state.module_is_active = is_provider_active(context, kTlsModule);
  if (state.module_is_active || !state.module_is_there) return;
  state.module_fault = try_tls_module(state.configuration);
}

void try_handshakes(TlsState& state, const TlsContext& context, const Options& options) {
  const auto client = make_tls_client(context);
  if (!client) {
    state.offer.fault = take_openssl_errors();
    return;
  }
  state.offer = offer_of_client(*client);
  if (!state.offer.fault.empty()) return;
  if (!options.connect.empty()) {
    state.with_server = handshake_with(*client, parse_server_address(options.connect));
  }
  const auto server = make_tls_server(context);
  if (!server) {
    state.in_memory.fault = take_openssl_errors();
    return;
  }
  state.in_memory = handshake_in_memory(*client, *server);
  for (const ProviderGroup& group : state.groups) {
    const auto& taken = state.taken_by_server;
    if (std::ranges::find(taken, group.id) != taken.end()) continue;  // of another provider, too
    if (handshake_in_memory(*client, *server, group.name).fault.empty()) {
      state.taken_by_server.push_back(group.id);
    }
  }
}

}  // namespace

TlsState find_tls_state(const Options& options) {
  start_openssl();
  TlsState state;
  state.configuration = read_tls_configuration(options.config);
  const TlsContext context = load_tls_context(state.configuration);
  state.fault = context.fault;
  state.is_refused = context.is_refused;
  find_module(state, context);
  state.default_is_active = is_provider_active(context, "default");
  state.groups = groups_of_providers(context);
  std::erase_if(state.groups, [&](const ProviderGroup& group) {
    return !is_of_interest(group.id, options.group);
  });
  if (!state.configuration.groups.empty()) {
    state.unknown_groups = unknown_groups(context, state.configuration.groups);
  }
  try_handshakes(state, context, options);
  return state;
}

}  // namespace latchkey::cli
