// What a configuration file of libcrypto (openssl.cnf) says about Latchkey's module and about
// the groups of TLS, without activating anything.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace latchkey::cli {

// The provider's name: its entry in the list of providers, and its file without the extension.
inline constexpr const char kTlsModule[] = "latchkey";

struct TlsConfiguration {
  using Lines = std::vector<std::pair<std::string, std::string>>;

  std::string path;         // empty if OPENSSL_CONF is: then there is no configuration
  std::string fault;        // why the file cannot be read, with the line of a syntax error
  bool is_missing = false;  // there is no file of that name, and nobody named it

  // The module's section
  bool names_module = false;  // the list of providers has it
  bool activates_module = false;
  std::string module_path;  // `module`, or empty for the folder of libcrypto's modules
  Lines module_lines;       // what the module sees of it
  std::vector<std::string> unknown_lines;  // names that the module does not know
  bool is_switched_off = false;            // tls = off
  std::string counters;                    // their file, or empty

  bool activates_any = false, activates_default = false;
  std::string groups;  // Groups or Curves of system_default, or empty
};

// `path` is that of --config. If it is empty, libcrypto's rule applies: the file that OPENSSL_CONF
// names, or openssl.cnf in libcrypto's folder.
TlsConfiguration read_tls_configuration(const std::string& path);

// Where libcrypto looks for the module's file under that configuration.
std::string file_of_tls_module(const TlsConfiguration& configuration);

}  // namespace latchkey::cli
