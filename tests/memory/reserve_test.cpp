// Memory that is reserved before it is needed, and how far 64 KiB of locked memory go.

#include <sys/resource.h>

#include "latchkey/tls.hpp"
#include "latchkey/xwing.hpp"
#include "memory/inheritable.hpp"
#include "memory/system.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

// Both ways to locked memory.
bool locks(Call call, long what) {
  constexpr long kMemfdSecret = 447;
  return call == Call::mlock || (call == Call::syscall && what == kMemfdSecret);
}

// For both sides of each group of TLS: the secrets, what they are made of, and the key.
Result<void> reserve_for_tls() { return memory::reserve({32, 32, 64, 64, 256, 256, 1600, 2112}); }

TEST_CASE("What is reserved can be had when the system locks no more memory") {
  require_zero(in_child([] {
    if (!reserve_for_tls()) return 1;
    const Interposed refused(locks);
    const auto a = LockedBuffer::create(32), b = LockedBuffer::create(10);
    const auto c = LockedBuffer::create(64), d = LockedBuffer::create(50);
    const auto e = LockedBuffer::create(1600), f = LockedBuffer::create(2112);
    const auto g = LockedBuffer::create(80), h = LockedBuffer::create(256);
    if (!a || !b || !c || !d || !e || !f || !g || !h) return 2;
    if (!is(LockedBuffer::create(2400), Error::memory_not_locked)) return 3;
    // A second time costs nothing, and a child has nothing of it.
    if (!memory::reserve({32, 64})) return 4;
    const auto fails = [] { return is(LockedBuffer::create(32), Error::memory_not_locked); };
    return status_of(start(By::fork, [&] { return fails() ? 0 : 5; }));
  }));
}

TEST_CASE("Several slots of one size are reserved together") {
  if (memory::page_size() != 4096) return;  // a page has room for two
  for (const bool two : {true, false}) {
    require_zero(in_child([=] {
      if (!(two ? memory::reserve({1600, 1600}) : memory::reserve({1600, 1600, 1600}))) return 1;
      const Interposed refused(locks);
      const auto a = LockedBuffer::create(1600), b = LockedBuffer::create(1600);
      const auto c = LockedBuffer::create(1600);
      return a && b && c.has_value() != two ? 0 : 2;
    }));
  }
}

TEST_CASE("Where the system locks nothing, reserving says so, or reserves other memory") {
  require_zero(in_child([] {
    const Interposed refused(locks);
    if (!is(reserve_for_tls(), Error::memory_not_locked)) return 1;
    if (!set_memory_policy(Policy::best_effort)) return 2;
    return reserve_for_tls() ? 0 : 3;
  }));
}

#ifndef LATCHKEY_SANITIZED  // the sanitizers' mlock(2) does nothing, and succeeds
// What is in use at once, of `make()`, until the error is memory_not_locked.
template <class Make>
std::size_t count_of(Make make) {
  std::vector<decltype(make())> made;
  do made.push_back(make());
  while (made.back() && made.size() < 1000);
  return is(made.back(), Error::memory_not_locked) ? made.size() - 1 : 0;
}

TEST_CASE("64 KiB of locked memory are enough for 20 exchanges of TLS, or of X-Wing, at once") {
  if (memory::page_size() != 4096) return;
  const auto with_limit = [](auto count) {
    const Ending ending = in_child([=] {
      // Without the right to lock as much as one likes.
      if (getuid() == 0 && setresuid(65534, 65534, 65534) != 0) return 201;
      const rlimit limit = {65536, 65536};
      if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0 || !reserve_for_tls()) return 202;
      return static_cast<int>(count());
    });
    REQUIRE(ending.errors == "");
    REQUIRE(ending.signal == 0);
    return ending.status;
  };
  const int shares =
      with_limit([] { return count_of([] { return tls::ClientShare::generate(); }); });
  const int keys =
      with_limit([] { return count_of([] { return xwing::DecapsulationKey::generate(); }); });
  const int parcels =
      with_limit([] { return count_of([] { return LockedBuffer::inheritable(96); }); });
  CAPTURE(shares, keys, parcels);
  CHECK(shares >= 20);
  CHECK(keys >= 20);
  CHECK(parcels >= 10);
  REQUIRE(std::max({shares, keys, parcels}) < 64);
}
#endif

}  // namespace
}  // namespace latchkey::test
