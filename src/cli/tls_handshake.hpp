// TLS handshakes of which every byte is seen: in memory, or with a server on the network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tls_context.hpp"
#include "tls_hello.hpp"

namespace latchkey::cli {

using SentBytes = std::vector<std::uint8_t>;

// One side of a handshake, between buffers in memory. The network is somebody else's.
class TlsSide {
 public:
  enum class State : std::uint8_t { done, waits, failed };

  // `is_server`: which side. Throws std::bad_alloc.
  TlsSide(SSL_CTX& context, bool is_server);

  // For this side alone; whether libssl knows the groups.
  bool restrict_groups(const std::string& list);
  bool set_server_name(const std::string& host);

  // Goes on as far as the peer's bytes allow. After `failed`, the error queue has the reason.
  State step();
  // Says that no more comes, after `done`.
  void close();
  // What this side wants to send since the last call.
  SentBytes take_output();
  void add_input(const SentBytes& bytes);

 private:
  Owned<SSL> connection_;
};

struct Handshake {
  std::string fault;  // why it failed, or empty
  ServerAnswer answer;
};

struct ClientOffer {
  std::string fault;  // why there is no ClientHello, or empty
  ClientHello hello;
};

// The ClientHello that a client of this context sends first.
ClientOffer offer_of_client(SSL_CTX& client);

// Between the two, in memory. If `group` is not empty, the client offers it alone.
Handshake handshake_in_memory(SSL_CTX& client, SSL_CTX& server, const std::string& group = {});

struct ServerAddress {
  std::string host, port;
  bool is_literal;  // an IP address: it is no name to send to the server
};

// HOST:PORT, or [ADDRESS]:PORT for IPv6. Throws a Failure with status kUsage.
ServerAddress parse_server_address(std::string_view text);

// With a server, within 10 seconds. Its certificate is not checked.
Handshake handshake_with(SSL_CTX& client, const ServerAddress& address);

}  // namespace latchkey::cli
