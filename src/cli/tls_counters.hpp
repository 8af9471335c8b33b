// The numbers of connections that the module has counted (`counters` in openssl.cnf).
#pragma once

#include <string>

namespace latchkey::cli {

// In words: the groups that were negotiated, with the connections as server and as client; or why
// the file cannot be read.
std::string read_tls_counters(const std::string& path);

}  // namespace latchkey::cli
