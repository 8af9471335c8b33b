// What is read of the first messages of a TLS handshake. Whole handshakes are in tls_check_test.py.
#include "tls_hello.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "command_table.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"
#include "tls_groups.hpp"

namespace latchkey::test {
namespace {

using Bytes = std::vector<std::uint8_t>;
using cli::read_client_hello_vartime;
using cli::read_server_answer_vartime;

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// Behind its length, of so many bytes.
Bytes vector(std::size_t size_of_length, const Bytes& content) {
  Bytes all;
  for (std::size_t i = size_of_length; i-- > 0;) {
    all.push_back(static_cast<std::uint8_t>(content.size() >> (8 * i)));
  }
  return joined({all, content});
}

Bytes code(unsigned value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}
Bytes extension(unsigned type, const Bytes& content) {
  return joined({code(type), vector(2, content)});
}
Bytes message(std::uint8_t type, const Bytes& body) { return joined({{type}, vector(3, body)}); }
Bytes record(const Bytes& content, std::uint8_t type = 22) {
  return joined({{type, 3, 3}, vector(2, content)});
}

// Offers groups 0x11ec and 0x001d, with a share for the first.
Bytes client_hello() {
  const Bytes groups = extension(10, vector(2, joined({code(0x11ec), code(0x001d)})));
  const Bytes versions = extension(43, vector(1, joined({code(0x0304), code(0x0303)})));
  const Bytes share = joined({code(0x11ec), vector(2, Bytes(1216))});
  const Bytes shares = extension(51, vector(2, share));
  const Bytes extensions = joined({extension(0, {}), groups, versions, shares});
  return message(1, joined({code(0x0303), Bytes(32), vector(1, Bytes(32)), vector(2, code(0x1301)),
                            vector(1, {0}), vector(2, extensions)}));
}

Bytes server_hello(const Bytes& random, const Bytes& extensions) {
  return message(
      2,
      joined(
          {code(0x0303), random, vector(1, Bytes(32)), code(0x1301), {0}, vector(2, extensions)}));
}
Bytes answer_13(unsigned group) {
  const Bytes share = joined({code(group), vector(2, Bytes(1120))});
  return server_hello(Bytes(32), joined({extension(51, share), extension(43, code(0x0304))}));
}
// The SHA-256 of "HelloRetryRequest".
const Bytes kRetry = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                      0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                      0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
Bytes retry() {
  return server_hello(kRetry, joined({extension(43, code(0x0304)), extension(51, code(0x0017))}));
}

TEST_CASE("A ClientHello has its groups and its key shares, also in records of any size") {
  const Bytes hello = client_hello();
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, hello.size()}) {
    Bytes sent;
    for (std::size_t at = 0; at < hello.size(); at += size) {
      const auto from = hello.begin() + static_cast<std::ptrdiff_t>(at);
      const auto left = static_cast<std::size_t>(hello.end() - from);
      const auto end = from + static_cast<std::ptrdiff_t>(std::min(size, left));
      sent = joined({sent, record({from, end})});
    }
    const auto found = read_client_hello_vartime(sent);
    REQUIRE(found);
    REQUIRE(found->offers_tls13);
    REQUIRE(found->groups == std::vector<std::uint16_t>{0x11ec, 0x001d});
    REQUIRE(found->shares == std::vector<std::uint16_t>{0x11ec});
  }
}

TEST_CASE("A server's answer has its version, its group and whether there was a retry") {
  const auto simple = read_server_answer_vartime(record(answer_13(0x11ec)));
  REQUIRE_FALSE(simple.had_retry);
  REQUIRE(simple.hello);
  REQUIRE(simple.hello->version == cli::kTls13);
  REQUIRE(simple.hello->group == 0x11ec);

  const Bytes change = record({1}, 20);
  const Bytes encrypted = record(Bytes(100), 23);
  const auto second = read_server_answer_vartime(
      joined({record(retry()), change, record(answer_13(0x0017)), encrypted}));
  REQUIRE(second.had_retry);
  REQUIRE(second.hello);
  REQUIRE(second.hello->group == 0x0017);

  const auto only_retry = read_server_answer_vartime(record(retry()));
  REQUIRE(only_retry.had_retry);
  REQUIRE_FALSE(only_retry.hello);
  REQUIRE_FALSE(read_server_answer_vartime(joined({record(retry()), record(retry())})).hello);
}

TEST_CASE("The answer of a server of TLS 1.2 has no group") {
  const Bytes body = joined({code(0x0303), Bytes(32), vector(1, {}), code(0xc02f), {0}});
  for (const Bytes& hello : {message(2, body), message(2, joined({body, vector(2, {})}))}) {
    const auto answer = read_server_answer_vartime(record(joined({hello, message(11, Bytes(9))})));
    REQUIRE(answer.hello);
    REQUIRE(answer.hello->version == cli::kTls12);
    REQUIRE_FALSE(answer.hello->group);
  }
}

TEST_CASE("A hello that is cut off anywhere, or followed by garbage, is not there or whole") {
  const Bytes client = record(client_hello()), server = record(answer_13(0x11ec));
  for (std::size_t size = 0; size < client.size(); ++size) {
    REQUIRE_FALSE(read_client_hello_vartime(std::span(client).first(size)));
  }
  for (std::size_t size = 0; size < server.size(); ++size) {
    REQUIRE_FALSE(read_server_answer_vartime(std::span(server).first(size)).hello);
  }
  REQUIRE(read_client_hello_vartime(joined({client, {22}, Bytes(70, 0xff)})));
  REQUIRE(read_server_answer_vartime(joined({server, {22}, Bytes(70, 0xff)})).hello);
}

TEST_CASE("A body of which the end is missing is malformed, whatever its length says") {
  for (const bool is_client : {true, false}) {
    const Bytes whole = is_client ? client_hello() : answer_13(0x11ec);
    const Bytes body(whole.begin() + 4, whole.end());
    const std::size_t without_extensions = is_client ? 73 : 70;  // well-formed before TLS 1.3
    for (std::size_t size = 0; size < body.size(); ++size) {
      if (size == without_extensions) continue;
      CAPTURE(is_client, size);
      const Bytes part(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));
      const Bytes sent = record(message(is_client ? 1 : 2, part));
      REQUIRE_FALSE(read_client_hello_vartime(sent));
      REQUIRE_FALSE(read_server_answer_vartime(sent).hello);
    }
    Bytes longer = body;
    longer.push_back(0);
    const Bytes sent = record(message(is_client ? 1 : 2, longer));
    REQUIRE_FALSE(read_client_hello_vartime(sent));
    REQUIRE_FALSE(read_server_answer_vartime(sent).hello);
  }
}

TEST_CASE("What is not TLS is no hello") {
  for (const std::string_view text :
       {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n", "220 mail.example.org ESMTP\r\n",
        "\x15\x03\x03\x00\x02\x02\x28"}) {
    const Bytes sent(text.begin(), text.end());
    REQUIRE_FALSE(read_client_hello_vartime(sent));
    REQUIRE_FALSE(read_server_answer_vartime(sent).hello);
  }
  REQUIRE_FALSE(read_server_answer_vartime(record(client_hello())).hello);
  REQUIRE_FALSE(read_client_hello_vartime(record(answer_13(0x11ec))));
}

TEST_CASE("Changed bytes and garbage are read without a fault") {
  Random random;
  const Bytes originals[] = {record(client_hello()),
                             joined({record(retry()), record(answer_13(1))})};
  for (int i = 0; i < 20000; ++i) {
    Bytes sent = originals[random.between(0, 1)];
    for (int n = random.between(0, 3); n > 0; --n) {
      // The fields are at the beginning, the rest is a share.
      sent[random.between<std::size_t>(0, 199)] = random.between<std::uint8_t>(0, 255);
    }
    sent.resize(random.between<std::size_t>(0, sent.size()));
    const auto client = read_client_hello_vartime(sent);
    if (client) REQUIRE(client->groups.size() <= sent.size() / 2);
    static_cast<void>(read_server_answer_vartime(sent));
  }
}

TEST_CASE("Every group that --group takes is in the table, and post-quantum ones are named so") {
  const auto* const command = cli::find_command("tls-check");
  REQUIRE(command != nullptr);
  for (const auto name : cli::split(cli::find_option(*command, "group")->choices)) {
    const auto* const group = cli::find_tls_group(name);
    CAPTURE(name);
    REQUIRE(group != nullptr);
    REQUIRE(cli::find_tls_group(group->id) == group);
    REQUIRE(group->is_post_quantum == (name.find("MLKEM") != name.npos));
  }
  REQUIRE(cli::name_of_tls_group(std::uint16_t{0x0a0a}) == "0x0a0a");
  REQUIRE_FALSE(cli::is_post_quantum(0x0a0a));
}

}  // namespace
}  // namespace latchkey::test
