// What `latchkey tls-check` finds out, and its verdict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options.hpp"
#include "tls_config.hpp"
#include "tls_context.hpp"
#include "tls_handshake.hpp"

namespace latchkey::cli {

struct TlsState {
  TlsConfiguration configuration;

  // The module
  std::string module_file;  // where libcrypto looks for it
  bool module_is_there = false, module_is_active = false;
  std::string module_fault;  // why it is not active, in libcrypto's words; or empty
  bool default_is_active = false;

  // The configuration as it was loaded
  std::string fault;        // why a part of it has no effect
  bool is_refused = false;  // programs fail because of that
  std::vector<ProviderGroup> groups;
  std::vector<std::string> unknown_groups;  // in the configuration's list

  // What clients and servers of this configuration do
  ClientOffer offer;
  std::vector<std::uint16_t> taken_by_server;
  Handshake in_memory;
  std::optional<Handshake> with_server;  // with --connect
};

TlsState find_tls_state(const Options& options);

struct TlsVerdict {
  int status;          // the tool's exit status
  std::string result;  // in a clause
  std::string to_do;   // likewise
};

// `group` is empty for any post-quantum one.
TlsVerdict verdict_on(const TlsState& state, const std::string& group);

}  // namespace latchkey::cli
