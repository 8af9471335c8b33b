// Inheritable buffers in children that may not lock memory, and what the policy makes of them.

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "memory/inheritable.hpp"
#include "memory/system.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

const Bytes kContent(100, 0x5a);

// Refuses to lock memory while `refusing`.
bool refusing = false;
bool refuses_locks(Call call, long) { return refusing && call == Call::mlock; }

TEST_CASE("A copy that a child cannot lock is wiped, or is not locked, as the policy says") {
  for (const By by : {By::fork, By::clone}) {
    for (const bool frozen : {false, true}) {
      for (const Policy policy : {Policy::require, Policy::best_effort}) {
        CAPTURE(by == By::clone, frozen, policy == Policy::require);
        require_zero(in_child([&] {
          const Interposed refused(refuses_locks);
          if (!set_memory_policy(policy)) return 1;
          auto parcel = parcel_of(kContent);
          if (frozen && !parcel.freeze()) return 2;
          const auto* const place = place_in(parcel);
          refusing = true;
          const int status = status_of(start(by, [&] {
            if (policy == Policy::best_effort) {
              if (!parcel.equals(kContent) || parcel.is_locked()) return 3;
              if (!parcel.adopt().value().equals(kContent)) return 4;
              refusing = false;
              // It is as it was, and a child of its own can lock its copy.
              if (parcel.is_locked() || !parcel.thaw() || !parcel.wipe()) return 5;
              return 0;
            }
            // At once by fork(), on the first use by clone(2).
            if (by == By::fork && !are_zeros(place, kContent.size())) return 6;
            const auto is_lost = [&] {
              return is(parcel.read([](View) {}), Error::memory_not_locked) &&
                     is(parcel.adopt(), Error::memory_not_locked) &&
                     is(parcel.thaw(), Error::memory_not_locked) && !parcel.is_locked();
            };
            if (!is_lost() || !are_zeros(place, kContent.size())) return 7;
            refusing = false;
            if (!set_memory_policy(Policy::best_effort) || !is_lost()) return 8;
            if (status_of(start(By::fork, [&] { return is_lost() ? 0 : 1; })) != 0) return 9;
            purge();
            if (!is_lost()) return 10;
            parcel = LockedBuffer();
            return parcel_of(kContent).is_locked() ? 0 : 11;
          }));
          refusing = false;
          if (!parcel.equals(kContent) || !parcel.is_locked()) return 12;
          return status;
        }));
      }
    }
  }
}

TEST_CASE("A copy of what was not locked in the parent either stays usable") {
  require_zero(in_child([] {
    const Interposed refused(refuses_locks);
    if (!set_memory_policy(Policy::best_effort)) return 1;
    refusing = true;
    const auto parcel = parcel_of(kContent);
    if (parcel.is_locked() || !set_memory_policy(Policy::require)) return 2;
    return status_of(
        start(By::fork, [&] { return parcel.equals(kContent) && !parcel.is_locked() ? 0 : 3; }));
  }));
}

TEST_CASE("Frozen pages that a child can neither lock nor thaw are gone") {
  require_zero(in_child([] {
    const pid_t parent = getpid();
    auto parcel = parcel_of(kContent);
    if (!parcel.freeze()) return 1;
    const auto* const place = place_in(parcel);
    const Interposed stubborn([&](Call call, long) {
      return getpid() != parent && (call == Call::mlock || call == Call::mprotect);
    });
    return status_of(start(By::fork, [&] {
      if (!is(parcel.read([](View) {}), Error::memory_not_locked)) return 2;
      int ends[2];
      if (pipe(ends) != 0) return 3;
      if (write(ends[1], place, 1) == 1) return 4;  // nothing is there to be read
      parcel = LockedBuffer();
      return 0;
    }));
  }));
}

#ifndef LATCHKEY_SANITIZED  // the sanitizers' mlock(2) does nothing, and succeeds
TEST_CASE("A child whose limit allows no locked memory has no copy") {
  require_zero(in_child([] {
    // Without the right to lock as much as one likes.
    if (getuid() == 0 && setresuid(65534, 65534, 65534) != 0) return 1;
    const rlimit some = {16384, 16384}, none = {0, 0};
    if (setrlimit(RLIMIT_MEMLOCK, &some) != 0) return 2;
    const auto parcel = parcel_of(kContent);
    const auto locked = [&] { return parcel.equals(kContent) && parcel.is_locked() ? 0 : 3; };
    if (status_of(start(By::fork, locked)) != 0) return 4;
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) return 5;
    return status_of(start(
        By::fork, [&] { return is(parcel.read([](View) {}), Error::memory_not_locked) ? 0 : 6; }));
  }));
}
#endif

TEST_CASE("Where the kernel empties no pages in children, copies are locked again, too",
          "[.first]") {
  require_zero(in_child([] {
    const Interposed old([](Call call, long what) {
      return refuses_locks(call, what) || (call == Call::madvise && what == MADV_WIPEONFORK);
    });
    const auto parcel = parcel_of(kContent);
    return status_of(start(By::fork, [&] {
      if (!parcel.equals(kContent)) return 1;
      refusing = true;
      return status_of(start(By::fork, [&] {
        return is(parcel.read([](View) {}), Error::memory_not_locked) ? 0 : 2;
      }));
    }));
  }));
}

TEST_CASE("The handler of others in a child may use an inheritable buffer", "[.first]") {
  require_zero(in_child([] {
    static LockedBuffer parcel;
    static bool used = false;
    // Before ours, which is registered with the first secret.
    const auto use = [] { used = parcel.equals(kContent) && parcel.is_locked(); };
    if (pthread_atfork(nullptr, nullptr, use) != 0) return 1;
    parcel = parcel_of(kContent);
    return status_of(start(By::fork, [] { return used ? 0 : 2; }));
  }));
}

}  // namespace
}  // namespace latchkey::test
