// What one side of a TLS handshake sends: what `latchkey tls-check` reads of it.

#include "tls_hello.hpp"

#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

void check_client(View sent, View part) {
  const auto hello = cli::read_client_hello_vartime(sent);
  const auto early = cli::read_client_hello_vartime(part);
  require(!early || hello, "what follows a ClientHello does not take it away");
  if (early) require(early->groups == hello->groups, "and does not change its groups");
  if (!hello) return;
  require(hello->groups.size() <= sent.size() / 2, "each group has two bytes");
  require(hello->shares.size() <= sent.size() / 4, "each key share has four bytes at least");
}

void check_server(View sent, View part) {
  const auto answer = cli::read_server_answer_vartime(sent);
  const auto early = cli::read_server_answer_vartime(part);
  require(!early.hello || answer.hello, "what follows a ServerHello does not take it away");
  require(!early.had_retry || answer.had_retry, "nor a HelloRetryRequest");
  if (early.hello) require(early.hello->group == answer.hello->group, "nor changes its group");
  if (answer.hello) require(!answer.hello->is_retry, "a HelloRetryRequest is no ServerHello");
}

}  // namespace

void tls_hello(View data) {
  Input input(data);
  const std::size_t at = input.number();
  const Bytes sent = input.rest();
  const Bytes part(sent.begin(),
                   sent.begin() + static_cast<std::ptrdiff_t>(std::min(at, sent.size())));
  check_client(sent, part);
  check_server(sent, part);
}

}  // namespace latchkey::fuzz
