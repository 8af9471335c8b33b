// Reads the groups of a TLS handshake from the bytes that both sides send in clear (RFC 8446,
// sections 4.1.2, 4.1.3 and 5.1): libssl 3.0 has no function that tells them all.
//
// The bytes are public, and any bytes may come: from a server that speaks something else, or cut
// off anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace latchkey::cli {

inline constexpr std::uint16_t kTls12 = 0x0303, kTls13 = 0x0304;

struct ClientHello {
  bool offers_tls13 = false;
  std::vector<std::uint16_t> groups;  // of supported_groups, in the client's order
  std::vector<std::uint16_t> shares;  // of key_share: these groups need no HelloRetryRequest
};

struct ServerHello {
  std::uint16_t version = 0;           // the protocol's, not the message's legacy_version
  bool is_retry = false;               // a HelloRetryRequest: the group is only asked for
  std::optional<std::uint16_t> group;  // before TLS 1.3, this message does not have it
};

// What a server answered.
struct ServerAnswer {
  bool had_retry = false;            // there was a HelloRetryRequest before the ServerHello
  std::optional<ServerHello> hello;  // empty if there is none, or a malformed one
};

// The first ClientHello of what a client sent; empty if it is incomplete or malformed.
std::optional<ClientHello> read_client_hello_vartime(std::span<const std::uint8_t> sent);

// The ServerHello of what a server sent.
ServerAnswer read_server_answer_vartime(std::span<const std::uint8_t> sent);

}  // namespace latchkey::cli
