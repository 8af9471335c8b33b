// `latchkey demo`: one key exchange, told step by step.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "commands.hpp"
#include "failure.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey::cli {
namespace {

constexpr int kRuns = 500;

// The first eight bytes, in hexadecimal.
std::string first_bytes_of(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes.first(8)) {
    char pair[4];
    std::snprintf(pair, sizeof pair, "%02x ", byte);
    text += pair;
  }
  return text + "...";
}

void row(const char* name, std::span<const std::uint8_t> bytes, const char* remark = "") {
  std::printf("     %-18s %5zu bytes   %s%s\n", name, bytes.size(), first_bytes_of(bytes).c_str(),
              remark);
}
void row(const char* name, const SharedSecret& secret, const char* remark = "") {
  const OpenSecrets open;
  row(name, *secret.expose(), remark);
}

// Comparing secrets byte by byte leaks where they differ. These were made for the show.
bool same(const SharedSecret& left, const SharedSecret& right) {
  const OpenSecrets open;
  return std::ranges::equal(*left.expose(), *right.expose());
}

// The median of many runs, in microseconds.
template <class Run>
void time_row(const char* name, Run run) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times(kRuns);
  for (double& time : times) {
    const auto start = Clock::now();
    run();
    time = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
  }
  const auto middle = times.begin() + kRuns / 2;
  std::nth_element(times.begin(), middle, times.end());
  std::printf("     %-36s %7.1f us\n", name, *middle);
}

}  // namespace

void demo() {
  std::printf("ML-KEM-768 (FIPS 203) by Latchkey %s, backend \"%s\"\n\n", LATCHKEY_VERSION,
              backend_name());

  const auto alice = value_of(DecapsulationKey::generate(), "cannot generate a key");
  const auto published = alice.encapsulation_key().bytes();
  std::printf("  1. Alice generates a key pair and publishes the encapsulation key.\n");
  row("encapsulation key", published);

  const auto bob = value_of(EncapsulationKey::parse(published), "cannot read the key");
  auto sent = value_of(bob.encapsulate(), "cannot encapsulate");
  std::printf("\n  2. Bob encapsulates to it: a secret to keep, and a ciphertext to send.\n");
  row("Bob's secret", sent.secret);
  row("ciphertext", sent.ciphertext);

  const auto received = value_of(alice.decapsulate(sent.ciphertext), "cannot decapsulate");
  if (!same(received, sent.secret)) throw Failure("the two secrets differ: this is a bug");
  std::printf("\n  3. Alice decapsulates the ciphertext.\n");
  row("Alice's secret", received, "   the same");

  constexpr std::size_t kTampered = 500;
  sent.ciphertext[kTampered] ^= 1;
  const auto rejected = value_of(alice.decapsulate(sent.ciphertext), "cannot decapsulate");
  if (same(rejected, sent.secret)) throw Failure("tampering went unnoticed: this is a bug");
  std::printf("\n  4. Mallory flips one bit of it, in byte %zu, and Alice decapsulates that.\n",
              kTampered);
  row("Alice's secret", rejected, "   another one");
  std::printf(
      "     No error: she would learn of it when her messages to Bob cannot be read, and\n"
      "     Mallory learns nothing about the key from how she behaves.\n\n");

  std::printf("  Times, the median of %d runs each\n", kRuns);
  time_row("generate a key pair",
           [] { value_of(DecapsulationKey::generate(), "cannot generate a key"); });
  time_row("parse an encapsulation key",
           [&] { value_of(EncapsulationKey::parse(published), "cannot read the key"); });
  time_row("encapsulate, the key parsed before",
           [&] { value_of(bob.encapsulate(), "cannot encapsulate"); });
  time_row("decapsulate",
           [&] { value_of(alice.decapsulate(sent.ciphertext), "cannot decapsulate"); });
  std::printf("\n  These secrets were made for the show; a real program never prints one.\n");
}

}  // namespace latchkey::cli
