// The groups of TLS 1.3, by the numbers and names of IANA's registry "TLS Supported Groups".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace latchkey::cli {

struct TlsGroup {
  std::uint16_t id;
  std::string_view name;  // as OpenSSL's lists of groups have it
  bool is_post_quantum;
};

inline constexpr TlsGroup kTlsGroups[] = {
    {0x11ec, "X25519MLKEM768", true},
    {0x11eb, "SecP256r1MLKEM768", true},
    {0x11ed, "SecP384r1MLKEM1024", true},
    {0x0200, "MLKEM512", true},
    {0x0201, "MLKEM768", true},
    {0x0202, "MLKEM1024", true},
    {0x001d, "x25519", false},
    {0x0017, "secp256r1", false},
    {0x0018, "secp384r1", false},
    {0x0019, "secp521r1", false},
    {0x001e, "x448", false},
    {0x0100, "ffdhe2048", false},
    {0x0101, "ffdhe3072", false},
    {0x0102, "ffdhe4096", false},
    {0x0103, "ffdhe6144", false},
    {0x0104, "ffdhe8192", false},
};

// Null if the table has none of that number, or of that name.
const TlsGroup* find_tls_group(std::uint16_t id) noexcept;
const TlsGroup* find_tls_group(std::string_view name) noexcept;

// The name, or the number in hexadecimal of a group that the table does not have.
std::string name_of_tls_group(std::uint16_t id);

// No, for a group that the table does not have.
bool is_post_quantum(std::uint16_t id) noexcept;

}  // namespace latchkey::cli
