// Up to eight exchanges of X25519 by every form, one by one and as jobs of one call: all give what
// OpenSSL does.

#include <algorithm>

#include "support.hpp"
#include "support/openssl_x25519.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

using ::latchkey::x25519::Job;
using ::latchkey::x25519::kBatch;
using ::latchkey::x25519::kSize;
using ::latchkey::x25519::Table;
using Octets = std::array<std::uint8_t, kSize>;

struct Exchange {
  Octets secret, peer;
  bool has_pub;  // as a job
};

struct Answer {
  Octets pub, shared;

  bool operator==(const Answer&) const = default;
};

// A point of order 8.
constexpr Octets kEighth = {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
                            0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
                            0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00};

// Any number; one near p or 2^255, with bit 255 or without; one byte again and again; one of low
// order, with a byte changed or without.
Octets read_number(unsigned kind, bool variant, Input& input) {
  Octets number;
  switch (kind) {
    case 0:
      return input.array<kSize>();
    case 1:
      number.fill(0xff);
      number[0] = input.byte();
      number[kSize - 1] = variant ? 0xff : 0x7f;
      return number;
    case 2:
      number.fill(input.byte());
      return number;
    default:
      number = variant ? Octets{} : kEighth;
      const std::size_t at = input.byte() % kSize;
      number[at] = static_cast<std::uint8_t>(number[at] ^ input.byte());
      return number;
  }
}

Exchange read_exchange(Input& input) {
  const std::uint8_t kind = input.byte();
  Exchange exchange;
  const bool variant = (kind & 0x40) != 0;
  exchange.secret = read_number(kind % 4, variant, input);
  exchange.peer = read_number(kind / 4 % 4, variant, input);
  exchange.has_pub = (kind & 0x80) == 0;
  return exchange;
}

void check_alone(const Table& table, const Exchange& x, const Answer& expected) {
  Answer answer;
  table.public_key(answer.pub, x.secret);
  table.shared_secret(answer.shared, x.secret, x.peer);
  require(answer.pub == expected.pub, "the public key is OpenSSL's");
  require(answer.shared == expected.shared, "the shared secret is OpenSSL's");
  answer = {};
  table.public_and_shared(answer.pub, answer.shared, x.secret, x.peer);
  require(answer == expected, "both at once are OpenSSL's");
}

void check_together(const Table& table, const std::vector<Exchange>& exchanges,
                    const std::vector<Answer>& expected) {
  std::vector<Answer> answers(exchanges.size());
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    const Exchange& x = exchanges[i];
    answers[i] = {};
    jobs.push_back({x.has_pub ? answers[i].pub.data() : nullptr, answers[i].shared.data(),
                    x.secret.data(), x.peer.data()});
  }
  table.run_jobs(jobs.data(), jobs.size());
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    require(answers[i].shared == expected[i].shared, "a job's shared secret is OpenSSL's");
    require(answers[i].pub == (exchanges[i].has_pub ? expected[i].pub : Octets{}),
            "a job's public key is OpenSSL's");
  }
}

}  // namespace

void x25519(View data) {
  Input input(data);
  const std::size_t count = 1 + input.byte() % kBatch;
  std::vector<Exchange> exchanges;
  std::vector<Answer> expected;
  for (std::size_t i = 0; i < count; ++i) {
    const Exchange& x = exchanges.emplace_back(read_exchange(input));
    expected.push_back(
        {test::openssl::x25519_public(x.secret), test::openssl::x25519_shared(x.secret, x.peer)});
  }
  for (const dispatch::Form& form : dispatch::forms()) {
    if (!form.supported()) continue;
    for (std::size_t i = 0; i < count; ++i) check_alone(*form.table, exchanges[i], expected[i]);
    check_together(*form.table, exchanges, expected);
  }
}

}  // namespace latchkey::fuzz
