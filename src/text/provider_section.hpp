// What the OpenSSL provider reads and writes for operators: for the provider, and for
// `latchkey tls-check`, which shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace latchkey::text {

// The lines that the provider's section of openssl.cnf may have, besides libcrypto's own.
inline constexpr std::string_view kProviderLines[] = {"groups",
                                                      "tls",
                                                      "memory",
                                                      "inherit_keys",
                                                      "counters",
                                                      "ml-kem.input_formats",
                                                      "ml-kem.output_formats",
                                                      "ml-kem.retain_seed",
                                                      "ml-kem.prefer_seed",
                                                      "ml-kem.import_pct_type"};

// The file that `counters` names has numbers of 8 bytes in the order of the machine: this one, and
// two for each group, of connections as server and as client.
inline constexpr std::uint64_t kCountersMagic = 0x31746e756f436b4c;  // "LkCount1"
inline constexpr std::string_view kCountedGroups[] = {"X25519MLKEM768",     "SecP256r1MLKEM768",
                                                      "SecP384r1MLKEM1024", "MLKEM512",
                                                      "MLKEM768",           "MLKEM1024"};

// A program with this variable in its environment counts nothing, if its value is "off".
inline constexpr char kCountersVariable[] = "LATCHKEY_COUNTERS";

}  // namespace latchkey::text
