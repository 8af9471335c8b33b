// Enclaves in the life of a process: children, and a system that locks no memory.

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <array>
#include <optional>

#include "enclave/support.hpp"
#include "latchkey/enclave.hpp"

namespace latchkey::test {
namespace {

const Bytes kSecret(32, 7);

// In a child: its parent's enclave is refused, and its own work, and end, as in any process.
int check_in_child(const Enclave& parents) {
  const auto key = DecapsulationKey::generate().value();
  if (!fails_with(parents.open(), Error::inherited)) return 1;
  if (!fails_with(parents.seal_for(key.encapsulation_key(), {}, {}), Error::inherited)) return 2;
  const auto mine = Enclave::seal(kSecret);
  if (!mine || !opens_to(*mine, kSecret)) return 3;
  if (!fails_with(parents.open(), Error::inherited)) return 4;
  Enclave::destroy_session_key();
  if (!fails_with(mine->open(), Error::session_key_gone)) return 5;
  if (!fails_with(parents.open(), Error::inherited)) return 6;
  const auto again = Enclave::seal(kSecret);
  if (!again || !opens_to(*again, kSecret)) return 7;
  purge();
  return fails_with(again->open(), Error::session_key_gone) ? 0 : 8;
}

void require_good(const Ending& ending) {
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

TEST_CASE("A child of fork() cannot open its parent's enclaves, has its own, and ends as usual") {
  const Enclave enclave = sealed(kSecret);
  require_good(in_child([&] {
    const int first = check_in_child(enclave);
    return first != 0 ? first : check_in_child(enclave);
  }));
  REQUIRE(opened(enclave) == kSecret);
}

TEST_CASE("So has one that destroys the key, or purges, before it seals anything") {
  const Enclave enclave = sealed(kSecret);
  require_good(in_child([&] {
    Enclave::destroy_session_key();
    if (!fails_with(enclave.open(), Error::inherited)) return 20;
    purge();
    if (!fails_with(enclave.open(), Error::inherited)) return 21;
    return check_in_child(enclave);
  }));
  REQUIRE(opened(enclave) == kSecret);
}

TEST_CASE("So has a child of clone(2), which runs no handlers, and its own child") {
  const Enclave enclave = sealed(kSecret);
  require_good(in_child([&] {
    const auto mine = Enclave::seal(kSecret).value();
    const auto pid = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) {
      const int grandparents = check_in_child(enclave);
      _exit(grandparents != 0 ? grandparents : check_in_child(mine));
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (!opens_to(mine, kSecret)) return 20;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 21;
  }));
}

TEST_CASE("The number of a child's enclave comes again, the key does not") {
  const auto parent_and_child = [](auto parent_first) {
    return in_child([=] {
      std::optional<Enclave> parents;
      if (parent_first) parents = Enclave::seal(kSecret).value();
      int ends[2];
      if (pipe(ends) != 0) return 20;
      const pid_t child = fork();
      if (child == 0) {
        const Enclave mine = Enclave::seal(kSecret).value();
        const auto& ticket = box_of(mine).ticket;
        if (ticket.key != 1 || ticket.number != 0) _exit(1);
        const auto bytes = box_of(mine).bytes();
        _exit(write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) ? 0
                                                                                               : 2);
      }
      if (!parent_first) parents = Enclave::seal(kSecret).value();
      int status = 0;
      waitpid(child, &status, 0);
      if (status != 0) return 21;
      std::array<std::uint8_t, 48> theirs;
      if (read(ends[0], theirs.data(), theirs.size()) != 48) return 22;
      const auto& ticket = box_of(*parents).ticket;
      if (ticket.key != 1 || ticket.number != 0 || !opens_to(*parents, kSecret)) return 23;
      return std::ranges::equal(theirs, box_of(*parents).bytes()) ? 24 : 0;
    });
  };
  require_good(parent_and_child(true));
  require_good(parent_and_child(false));
}

TEST_CASE("Children that are forked while threads seal, open and destroy keys find no lock taken") {
  require_good(in_child([] {
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        const Bytes large(20'000, 7);
        while (!done) {
          const auto enclave = Enclave::seal(large);
          const auto open = enclave->open();
          if (!open && open.error() != Error::session_key_gone) ++wrong;
        }
      });
    }
    threads.emplace_back([&] {
      while (!done) Enclave::destroy_session_key();
    });
    int bad = 0;
    for (int round = 0; round < 60 && bad == 0; ++round) {
      const Enclave enclave = Enclave::seal(kSecret).value();
      const pid_t child = fork();
      if (child == 0) {
        alarm(20);
        _exit(check_in_child(enclave));
      }
      waitpid(child, &bad, 0);
    }
    done = true;
    for (auto& thread : threads) thread.join();
    if (wrong != 0) return 20;
    return WIFSIGNALED(bad) ? 21 : WEXITSTATUS(bad);
  }));
}

// Sanitizers take such a child for one of fork().
#ifndef LATCHKEY_SANITIZED
TEST_CASE("A child that shares its parent's memory shares the key, and takes the next number") {
  struct Shared {
    Enclave before = sealed(kSecret), made;
    bool opened_before = false;
  } shared;
  std::vector<std::uint64_t> stack(1 << 15);
  const pid_t child = clone(
      [](void* argument) {
        auto& with = *static_cast<Shared*>(argument);
        with.opened_before = opens_to(with.before, kSecret);
        with.made = Enclave::seal(kSecret).value();
        return 0;
      },
      &*stack.end() - 2, CLONE_VM | CLONE_VFORK | SIGCHLD, &shared);
  REQUIRE(child > 0);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(status == 0);
  REQUIRE(shared.opened_before);
  REQUIRE(opened(shared.made) == kSecret);
  const Enclave after = sealed(kSecret);
  REQUIRE(box_of(shared.made).ticket.number == box_of(shared.before).ticket.number + 1);
  REQUIRE(box_of(after).ticket.number == box_of(shared.made).ticket.number + 1);
}
#endif

// From now on, for this process.
void lose_the_right_to_lock() {
  const rlimit none = {0, 0};
  if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) std::abort();
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0 && setuid(kNobody) != 0) std::abort();
}

TEST_CASE("Where no memory can be locked, nothing is sealed, unless the policy permits it") {
  constexpr int kNotCounted = 50;  // some kernels do not count memfd_secret
  const Ending ending = in_child([] {
    lose_the_right_to_lock();
    if (LockedBuffer::create(32)) return kNotCounted;
    if (!fails_with(Enclave::seal(kSecret), Error::memory_not_locked)) return 1;
    Enclave::destroy_session_key();
    if (!set_memory_policy(Policy::best_effort)) return 2;
    const auto enclave = Enclave::seal(kSecret);
    if (!enclave || enclave->is_locked() || !opens_to(*enclave, kSecret)) return 3;
    if (!set_memory_policy(Policy::require)) return 4;
    if (!fails_with(Enclave::seal(kSecret), Error::memory_not_locked)) return 5;
    if (!fails_with(enclave->open(), Error::memory_not_locked)) return 6;
    Enclave::destroy_session_key();
    return fails_with(Enclave::seal(kSecret), Error::memory_not_locked) ? 0 : 7;
  });
  if (ending.status == kNotCounted) {
    WARN("this kernel does not limit memfd_secret: a refusal is not tested");
    return;
  }
  require_good(ending);
}

TEST_CASE("A secret for which there is no room opens later") {
  constexpr std::size_t kLarge = 1'000'000;
  constexpr int kNotCounted = 50;
  const Ending ending = in_child([] {
    const Bytes large(kLarge, 7);
    const auto enclave = Enclave::seal(large);
    if (!enclave || !opens_to(*enclave, large)) return 1;
    auto small = LockedBuffer::create(32);
    lose_the_right_to_lock();
    if (LockedBuffer::create(kLarge)) return kNotCounted;
    if (!fails_with(enclave->open(), Error::memory_not_locked)) return 2;
    if (!set_memory_policy(Policy::best_effort)) return 3;
    const auto open = enclave->open();
    return open && open->equals(large) && !open->is_locked() && enclave->is_locked() ? 0 : 4;
  });
  if (ending.status == kNotCounted) {
    WARN("this kernel does not limit memfd_secret: a refusal is not tested");
    return;
  }
  require_good(ending);
}

}  // namespace
}  // namespace latchkey::test
