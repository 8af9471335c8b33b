// Children: what they do not have of their parent's secrets. inheritable_test.cpp has what they may
// be given.

#include <pthread.h>
#include <sys/syscall.h>

#include <thread>

#include "latchkey/mlkem768.hpp"
#include "memory/support.hpp"

namespace latchkey::test {
namespace {

bool inherited(const auto& result) { return !result && result.error() == Error::inherited; }

// Whether, in a child, all operations on these secrets of its parent are refused, and new ones
// work. The objects then end in the child, too.
struct Family {
  DecapsulationKey key = need(DecapsulationKey::generate());
  Encapsulation sent = need(key.encapsulation_key().encapsulate());
  LockedBuffer small = need(LockedBuffer::random(32)), large = need(LockedBuffer::random(9000));

  int check_in_child() {
    std::array<std::uint8_t, kSeedSize> seed;
    seed.fill(0xaa);
    std::array<std::uint8_t, kDecapsulationKeySize> expanded;
    if (!inherited(key.decapsulate(sent.ciphertext)) || !inherited(key.export_seed(seed)) ||
        !inherited(key.export_expanded(expanded)) || !inherited(sent.secret.expose())) {
      return 1;
    }
    if (seed != std::array<std::uint8_t, kSeedSize>()) return 2;
    if (!inherited(small.read([](View) {})) || !inherited(large.write([](auto) {})) ||
        !inherited(small.freeze()) || !inherited(large.freeze()) || !inherited(small.wipe()) ||
        !inherited(large.adopt()) || !inherited(small.equals(Bytes(32)))) {
      return 3;
    }
    if (key.is_locked() || large.is_locked()) return 7;
    // Public still works.
    if (!key.encapsulation_key().encapsulate()) return 4;
    for (int i = 0; i < 100; ++i) {
      const auto mine = DecapsulationKey::generate();
      if (!mine) return 5;
      const auto mine_sent = mine->encapsulation_key().encapsulate();
      const auto opened = mine->decapsulate(mine_sent->ciphertext);
      if (!opened || !mine->is_locked()) return 6;
    }
    purge();  // the child's own
    key = DecapsulationKey();
    const LockedBuffer moved(std::move(small));
    return 0;
  }
};

TEST_CASE("A child of fork() has none of its parent's secrets, and the parent keeps them") {
  Family family;
  const Ending ending = in_child([&] { return family.check_in_child(); });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
  REQUIRE(family.key.decapsulate(family.sent.ciphertext).has_value());
  REQUIRE(family.large.read([](View) {}).has_value());
}

TEST_CASE("So has one of clone(2), which runs no handlers, and a grandchild") {
  Family family;
  const Ending ending = in_child([&] {
    auto mine = LockedBuffer::random(32).value();
    const auto pid = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) {
      if (!inherited(mine.read([](View) {}))) _exit(7);
      _exit(family.check_in_child());
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (!mine.read([](View) {})) return 8;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 9;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.status == 0);
}

// Ends the process after all destructors, and before the leak checker of AddressSanitizer: that
// takes what the stack of a thread that does not exist in the child held for leaked.
int exit_status;
[[noreturn]] void exit_with(int status) {
  exit_status = status;
  std::exit(status);
}

TEST_CASE("A child ends as usual, destructors and all, also when a thread forked it") {
  const Ending ending = in_child([] {
    std::atexit([] { _exit(exit_status); });  // runs after what is registered later
    static Family family;
    int result = -1;
    std::thread([&] {
      const pid_t child = fork();
      if (child == 0) exit_with(family.check_in_child());
      int status = 0;
      waitpid(child, &status, 0);
      result = WIFEXITED(status) ? WEXITSTATUS(status) : 100;
    }).join();
    if (result != 0) return result;
    exit_with(family.key.decapsulate(family.sent.ciphertext) ? 0 : 101);
  });
  REQUIRE(ending.errors == "");
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

TEST_CASE("A child that calls exec is not disturbed by live keys") {
  Family family;
  const Ending ending = in_child([] {
    execlp("true", "true", nullptr);
    return 1;
  });
  REQUIRE(ending.status == 0);
  REQUIRE(ending.errors.empty());
}

}  // namespace
}  // namespace latchkey::test
