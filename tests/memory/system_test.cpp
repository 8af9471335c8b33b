// What the memory for secrets does when the system refuses several things at once, and when
// another thread comes between two steps. syscall_failures_test.py refuses one at a time, in a
// whole process.

#include "memory/system.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "memory/protection.hpp"

namespace latchkey::test {
namespace {

bool is(const auto& result, Error error) { return !result && result.error() == error; }

int count_slots() {
  int count = 0;
  memory::visit_slots([](void* to, const memory::SlotView&) { ++*static_cast<int*>(to); }, &count);
  return count;
}

Interposed::Refuses all_of(Call kind) {
  return [kind](Call call, long) { return call == kind; };
}

// Both ways to locked memory.
bool locks(Call call, long what) {
  constexpr long kMemfdSecret = 447;
  return call == Call::mlock || (call == Call::syscall && what == kMemfdSecret);
}

// Whether these are secrets of one arena: a purge finds both.
bool are_together(const LockedBuffer& left, const LockedBuffer& right) {
  const auto ignore = [](View) {};
  if (!left.read(ignore) || !right.read(ignore)) return false;
  purge();
  return is(left.read(ignore), Error::purged) && is(right.read(ignore), Error::purged);
}

void require_zero(const Ending& ending) {
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

// ---- The first secret of a process. These run in processes that begin without one.

TEST_CASE("Where the kernel empties no pages in children, a handler does", "[.first]") {
  require_zero(in_child([] {
    const Interposed old(
        [](Call call, long advice) { return call == Call::madvise && advice == MADV_WIPEONFORK; });
    const auto secret = LockedBuffer::random(32).value();
    const pid_t child = fork();
    if (child == 0) {
      const bool gone = is(secret.read([](View) {}), Error::inherited);
      _exit(gone && LockedBuffer::create(32) ? 0 : 2);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!secret.read([](View) {})) return 3;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
  }));
}

TEST_CASE("If the handlers of fork() cannot be registered, no secret is made", "[.first]") {
  require_zero(in_child([] {
    {
      const Interposed old([](Call call, long) { return call == Call::pthread_atfork; });
      if (!is(LockedBuffer::create(32), Error::no_memory)) return 1;
      if (!is(LockedBuffer::inheritable(32), Error::no_memory)) return 2;
    }
    return LockedBuffer::create(32) ? 0 : 3;
  }));
}

TEST_CASE("Without a heap there is no first secret", "[.first]") {
  require_zero(in_child([] {
    if (count_slots() != 0) return 1;
    {
      const Interposed none(all_of(Call::aligned_alloc));
      if (!is(LockedBuffer::create(32), Error::no_memory)) return 2;
      if (!is(LockedBuffer::inheritable(32), Error::no_memory)) return 3;
    }
    return LockedBuffer::create(32) ? 0 : 4;
  }));
}

TEST_CASE("The first secrets of two threads share an arena, whoever makes it", "[.first]") {
  // Before the page that tells whose it is, and before the arena itself.
  for (const Call call : {Call::madvise, Call::getrandom}) {
    require_zero(in_child([=] {
      LockedBuffer other;
      const Interposed first(
          before_the_first(call, [&] { other = LockedBuffer::random(32).value(); }));
      const auto mine = LockedBuffer::random(32).value();
      return are_together(mine, other) ? 0 : 1;
    }));
  }
}

// ---- Later

TEST_CASE("Who waited for the mutex takes what the other thread mapped") {
  const auto slots_with = [](auto refuses) {
    const Ending ending = in_child([=] {
      const auto arena = LockedBuffer::create(64).value();
      LockedBuffer other;
      const Interposed first(refuses(other));
      const auto mine = LockedBuffer::create(32).value();
      if (other.size() == 0) other = LockedBuffer::create(32).value();
      return are_together(mine, other) ? count_slots() : 0;
    });
    REQUIRE(ending.signal == 0);
    return ending.status;
  };
  const int alone = slots_with([](LockedBuffer&) { return all_of(Call::getrlimit); });
  REQUIRE(alone > 2);
  REQUIRE(slots_with([](LockedBuffer& other) {
            return before_the_first(Call::pthread_mutex_lock,
                                    [&] { other = LockedBuffer::create(32).value(); });
          }) == alone);
}

TEST_CASE("A secret that is made while a purge runs is whole when it is there") {
  require_zero(in_child([] {
    const auto early = LockedBuffer::random(32).value();
    auto frozen = LockedBuffer::random(10'000).value();
    if (!frozen.freeze()) return 1;
    LockedBuffer late;
    std::thread other;
    std::atomic<bool> purging{false}, waits{false};
    {
      // The purge thaws what is frozen. By then another thread makes a secret, and stops at the
      // mutex, which the purge holds.
      const Interposed between([&](Call call, long) {
        if (call == Call::pthread_mutex_lock && purging) waits = true;
        if (call == Call::mprotect && !purging) {
          purging = true;
          other = std::thread([&] { late = LockedBuffer::copy_of(Bytes(32, 0xaa)).value(); });
          while (!waits) std::this_thread::yield();
        }
        return false;
      });
      purge();
      other.join();
    }
    if (!is(early.read([](View) {}), Error::purged)) return 2;
    return late.equals(Bytes(32, 0xaa)) ? 0 : 3;
  }));
}

TEST_CASE("Frozen pages that cannot be thawed are gone after a purge, and go with their buffer") {
  require_zero(in_child([] {
    auto kept = LockedBuffer::random(10'000).value(),
         dropped = LockedBuffer::random(10'000).value();
    if (!kept.freeze() || !dropped.freeze()) return 1;
    const std::uint8_t* place = nullptr;
    if (!kept.read([&](View bytes) { place = bytes.data(); })) return 2;
    int unmapped = 0;
    const Interposed stubborn([&](Call call, long) {
      unmapped += call == Call::munmap;
      return call == Call::mprotect;
    });
    if (!is(kept.thaw(), Error::memory_not_protected)) return 3;
    dropped = LockedBuffer();
    if (unmapped != 1) return 4;
    purge();
    if (!is(kept.read([](View) {}), Error::purged)) return 5;
    int ends[2];
    if (pipe(ends) != 0) return 6;
    if (write(ends[1], place, 1) == 1) return 7;  // nothing is there to be read
    kept = LockedBuffer();
    return 0;
  }));
}

TEST_CASE("What cannot be locked is an error, or not locked, as the policy says") {
  require_zero(in_child([] {
    rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 1;
    for (const bool limited : {true, false}) {
      // With a soft limit that can be raised, and where nobody says what it is.
      limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
      if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 2;
      const Interposed none([=](Call call, long what) {
        return locks(call, what) || (!limited && call == Call::getrlimit);
      });
      if (!set_memory_policy(Policy::require)) return 3;
      const auto refused = LockedBuffer::create(5000);
      if (!is(refused, Error::memory_not_locked)) return 4;
      const std::string why = describe(refused.error());
      if (!limited && !why.ends_with("though RLIMIT_MEMLOCK does not limit it")) return 5;
      if (!set_memory_policy(Policy::best_effort)) return 6;
      const auto ordinary = LockedBuffer::random(5000);
      if (!ordinary || ordinary->is_locked()) return 7;
    }
    const Interposed nothing(
        [](Call call, long what) { return locks(call, what) || call == Call::mprotect; });
    return is(LockedBuffer::create(5000), Error::no_memory) ? 0 : 8;
  }));
}

#ifdef SYS_pkey_alloc
TEST_CASE("Two threads that turn protection keys on at once share one key") {
  if (!available() || has_protection_keys()) return;  // where they are on already, there is one
  require_zero(in_child([] {
    const Interposed race(before_the_first(Call::syscall, turn_on));
    turn_on();
    Secrets secrets;
    if (!has_protection_keys() || !secrets.work()) return 1;
    if (!std::ranges::all_of(secrets.places(), is_closed)) return 2;
    int left = 0;  // of 16, of which one is everybody's
    while (syscall(SYS_pkey_alloc, 0L, 0L) >= 0) ++left;
    return left == 14 ? 0 : 3;
  }));
}

TEST_CASE("Secrets that the system refuses to put under the key are an error") {
  if (!available() || has_protection_keys()) return;
  require_zero(in_child([] {
    Secrets early;
    const auto turned_on = [] {
      return set_memory_policy(Policy::require | Policy::protection_keys);
    };
    {
      const Interposed refusing(
          [](Call call, long what) { return call == Call::syscall && what == SYS_pkey_mprotect; });
      for (int i = 0; i < 2; ++i) {  // it asks again for what stayed open
        if (!is(turned_on(), Error::memory_not_protected)) return 1;
      }
      if (!is(LockedBuffer::create(10'000), Error::memory_not_protected)) return 2;
    }
    if (std::ranges::any_of(early.places(), is_closed)) return 3;
    if (!turned_on() || !std::ranges::all_of(early.places(), is_closed)) return 4;
    return early.work() ? 0 : 5;
  }));
}
#endif

TEST_CASE("A chunk whose books find no place on the heap is given back") {
  require_zero(in_child([] {
    const auto first = LockedBuffer::create(32).value();
    for (const std::size_t size : {5000u, 1600u}) {
      for (int granted = 0; granted < 2; ++granted) {
        int left = granted, unmapped = 0;
        const Interposed starved([&](Call call, long) {
          unmapped += call == Call::munmap;
          return call == Call::aligned_alloc && left-- == 0;
        });
        if (!is(LockedBuffer::create(size), Error::no_memory)) return 1;
        if (unmapped != 1) return 2;
      }
      if (!LockedBuffer::create(size)) return 3;
    }
    return 0;
  }));
}

TEST_CASE("A memory policy that does not exist is refused, and changes nothing") {
  require_zero(in_child([] {
    for (const int value : {8, 9, 128, 255}) {
      if (!is(set_memory_policy(static_cast<Policy>(value)), Error::unknown_value)) return 1;
    }
    const auto buffer = LockedBuffer::create(1);
    return buffer && buffer->is_locked() ? 0 : 2;
  }));
}

}  // namespace
}  // namespace latchkey::test
