// One exchange of X25519: what goes in, what comes out, and the ways through a form's table that
// all have to give it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "x25519/table.hpp"

namespace latchkey::test {

using Octets = std::array<std::uint8_t, x25519::kSize>;

// From 64 hexadecimal digits, and back.
Octets octets(std::string_view hex);
std::string hex_of(const Octets& octets);

struct Exchange {
  Octets secret, peer;
};

struct Answer {
  Octets pub, shared;  // X25519(secret, 9) and X25519(secret, peer)

  bool operator==(const Answer&) const = default;
};

// By public_key() and shared_secret().
Answer answer_of(const x25519::Table& table, const Exchange& exchange);

// By public_and_shared().
Answer answer_of_both(const x25519::Table& table, const Exchange& exchange);

// By run_jobs(), for at most kBatch exchanges. Bit i of `without_pub` says that job i has no public
// key to write: then its `pub` is zeros.
std::vector<Answer> answers_of_jobs(const x25519::Table& table,
                                    const std::vector<Exchange>& exchanges,
                                    unsigned without_pub = 0);

// Requires that each function of the table gives this answer, and run_jobs() in each place of each
// number of jobs, with and without a public key.
void require_answer(const x25519::Table& table, const Exchange& exchange, const Answer& answer);

}  // namespace latchkey::test

template <>
struct Catch::StringMaker<latchkey::test::Octets> {
  static std::string convert(const latchkey::test::Octets& octets) {
    return latchkey::test::hex_of(octets);
  }
};
template <>
struct Catch::StringMaker<latchkey::test::Answer> {
  static std::string convert(const latchkey::test::Answer& answer) {
    return "pub " + latchkey::test::hex_of(answer.pub) + ", shared " +
           latchkey::test::hex_of(answer.shared);
  }
};
