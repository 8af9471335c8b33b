// What the programs say when the library computes wrongly: to users, a failure; and a full disk is
// one also if it is noticed late.

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "accumulated.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "latchkey/mlkem768.hpp"
#include "support/catch.hpp"
#include "support/injected_backend.hpp"

namespace latchkey::test {
namespace {

using base::In;
using base::Out;
using PublicKey = mlkem::PublicKey<mlkem::kMlKem768>;
using SecretKey = mlkem::SecretKey<mlkem::kMlKem768>;

// One bit of K is wrong at the sender.
void encapsulate_wrongly(Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                         In<32> m) noexcept {
  right_backend<>().encaps(c, key, pub, m);
  key[0] ^= 1;
}

// K, and c with it, are those of another message.
void encapsulate_another(Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                         In<32> m) noexcept {
  std::array<std::uint8_t, 32> other;
  std::ranges::copy(m, other.begin());
  other[31] ^= 1;
  right_backend<>().encaps(c, key, pub, other);
}

// No ciphertext is looked at: what is rejected, too, has the same key.
void decapsulate_blindly(Out<32> key, const PublicKey&, const SecretKey&,
                         In<kCiphertextSize>) noexcept {
  std::ranges::fill(key, 7);
}

// What a command says when it fails. Its output goes nowhere.
template <class F>
std::string failure_of(F command) {
  std::fflush(stdout);
  const int output = dup(STDOUT_FILENO);
  REQUIRE(std::freopen("/dev/null", "w", stdout) != nullptr);
  std::string said;
  try {
    command();
  } catch (const cli::Failure& failure) {
    said = failure.what();
  }
  std::fflush(stdout);
  dup2(output, STDOUT_FILENO);
  close(output);
  return said;
}

TEST_CASE("The demo says so when secrets differ, or tampering makes no difference") {
  REQUIRE(failure_of(cli::demo) == "");
  InjectedBackend<> injected;
  injected.backend.encaps = encapsulate_wrongly;
  REQUIRE(failure_of(cli::demo) == "the two secrets differ: this is a bug");
  injected.backend.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                               In<32> m) noexcept {
    right_backend<>().encaps(c, key, pub, m);
    std::ranges::fill(key, 7);
  };
  injected.backend.decaps = decapsulate_blindly;
  REQUIRE(failure_of(cli::demo) == "tampering went unnoticed: this is a bug");
}

TEST_CASE("A self-test that fails is a failure of its command") {
  InjectedBackend<> injected;
  injected.backend.encaps = encapsulate_wrongly;
  REQUIRE(failure_of(cli::selftest) == describe(Error::self_test_failed));
}

TEST_CASE("An accumulated figure that is another one, or a round that fails, is a failure") {
  REQUIRE(kat::accumulate(MlKem::k768, 100).failure.empty());
  InjectedBackend<> injected;
  injected.backend.encaps = encapsulate_another;
  const auto other = kat::accumulate(MlKem::k768, 100);
  REQUIRE(other.failure == "expected " + other.expected + ", got " + other.figure);
  REQUIRE(other.expected != other.figure);
  injected.backend.encaps = encapsulate_wrongly;
  REQUIRE(kat::accumulate(MlKem::k768, 100).failure ==
          "round 1: decapsulation gave another secret");
}

TEST_CASE("Output that was lost before the end is a failure at the end") {
  REQUIRE(failure_of([] { cli::flush_output(); }) == "");
  REQUIRE(failure_of([] {
            REQUIRE(std::freopen("/dev/full", "w", stdout) != nullptr);
            std::setvbuf(stdout, nullptr, _IONBF, 0);
            std::puts("lost");
            cli::flush_output();
          }) == "cannot write to standard output: write error");
}

}  // namespace
}  // namespace latchkey::test
