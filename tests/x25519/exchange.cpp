#include "x25519/exchange.hpp"

#include <stdexcept>

namespace latchkey::test {

using x25519::kBatch;

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

Octets octets(std::string_view hex) {
  Octets result{};
  if (hex.size() != 2 * result.size()) throw std::runtime_error("not 64 digits");
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const std::size_t digit = kDigits.find(hex[i]);
    if (digit == std::string_view::npos) throw std::runtime_error("no hexadecimal digit");
    result[i / 2] = static_cast<std::uint8_t>(result[i / 2] << 4 | digit);
  }
  return result;
}

std::string hex_of(const Octets& octets) {
  std::string hex;
  for (const std::uint8_t byte : octets) {
    hex += kDigits[byte / 16];
    hex += kDigits[byte % 16];
  }
  return hex;
}

Answer answer_of(const x25519::Table& table, const Exchange& exchange) {
  Answer answer{};
  table.public_key(answer.pub, exchange.secret);
  table.shared_secret(answer.shared, exchange.secret, exchange.peer);
  return answer;
}

Answer answer_of_both(const x25519::Table& table, const Exchange& exchange) {
  Answer answer{};
  table.public_and_shared(answer.pub, answer.shared, exchange.secret, exchange.peer);
  return answer;
}

std::vector<Answer> answers_of_jobs(const x25519::Table& table,
                                    const std::vector<Exchange>& exchanges, unsigned without_pub) {
  std::vector<Answer> answers(exchanges.size());
  std::vector<x25519::Job> jobs;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    const bool has_pub = (without_pub >> i & 1) == 0;
    jobs.push_back({has_pub ? answers[i].pub.data() : nullptr, answers[i].shared.data(),
                    exchanges[i].secret.data(), exchanges[i].peer.data()});
  }
  table.run_jobs(jobs.data(), jobs.size());
  return answers;
}

void require_answer(const x25519::Table& table, const Exchange& exchange, const Answer& answer) {
  CAPTURE(table.name, exchange.secret, exchange.peer);
  const Answer one_by_one = answer_of(table, exchange);
  REQUIRE(one_by_one.pub == answer.pub);
  REQUIRE(one_by_one.shared == answer.shared);
  const Answer both = answer_of_both(table, exchange);
  REQUIRE(both.pub == answer.pub);
  REQUIRE(both.shared == answer.shared);
  for (std::size_t n = 1; n <= kBatch; ++n) {
    const std::vector<Exchange> exchanges(n, exchange);
    // Of neighbours one has a public key and one has none, both ways round.
    for (const unsigned without_pub : {0x55u, 0xaau}) {
      const auto answers = answers_of_jobs(table, exchanges, without_pub);
      for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(n, i, without_pub);
        REQUIRE(answers[i].shared == answer.shared);
        REQUIRE(answers[i].pub == ((without_pub >> i & 1) == 0 ? answer.pub : Octets{}));
      }
    }
  }
}

}  // namespace latchkey::test
