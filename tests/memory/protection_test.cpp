// Protection keys: when a pointer to a secret works. A CPU that has them is emulated by
// tests/platforms/qemu.sh.

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <chrono>
#include <cstdio>
#include <optional>

#include "memory/protection.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

// Whether the CPU is QEMU's, whose times say nothing.
bool is_emulated() {
  unsigned a = 0, b = 0, c = 0, d = 0;
#if defined(__x86_64__)
  __cpuid(0x40000000, a, b, c, d);
#endif
  return b == 0x54474354;  // "TCGT"
}

TEST_CASE("A stray pointer faults where no scope is open, and may do what an open one allows") {
  if (!available()) return;
  const auto touch = [](std::size_t which, std::optional<Rights> rights, bool writing) {
    return in_closed_child([=] {
      Secrets secrets;
      volatile std::uint8_t* const place = secrets.places()[which];
      std::optional<OpenSecrets> open;
      if (rights) open.emplace(*rights);
      if (writing) {
        *place = 1;
      } else {
        (void)*place;
      }
      return 0;
    });
  };
  for (std::size_t which = 0; which < 5; ++which) {
    for (const bool writing : {false, true}) {
      CAPTURE(which, writing);
      CHECK(touch(which, std::nullopt, writing) == kFaulted);
      CHECK(touch(which, Rights::read, writing) == (writing ? kFaulted : 0));
      CHECK(touch(which, Rights::write, writing) == 0);
    }
  }
}

TEST_CASE("read() and write() of a buffer open it, each so far, and only while they run") {
  if (!available()) return;
  const int status = in_closed_child([] {
    auto buffer = LockedBuffer::random(32).value();
    std::uint8_t* const place = place_of(buffer);
    if (!is_closed(place)) return 1;
    if (bool is = false; !buffer.read([&](View) { is = is_readable(place); }) || !is) return 2;
    if (!is_closed(place)) return 3;
    if (bool is = false; !buffer.write([&](auto) { is = is_writable(place); }) || !is) return 4;
    if (!is_closed(place)) return 5;
    if (!buffer.freeze() || buffer.write([](auto) {})) return 6;
    return is_closed(place) ? 0 : 7;
  });
  REQUIRE(status == 0);
}

TEST_CASE("A frozen buffer of any size faults when a stray pointer writes while it is read") {
  if (!available()) return;
  const auto write_to = [](std::size_t size, bool frozen, Rights rights) {
    return in_closed_child([=] {
      auto buffer = LockedBuffer::random(size).value();
      std::uint8_t* const place = place_of(buffer);
      if (!buffer.freeze() || !is_closed(place)) return 1;
      if (!frozen && (!buffer.thaw() || !is_closed(place))) return 2;
      const OpenSecrets open(rights);
      if (!can_read(place)) return 3;
      *static_cast<volatile std::uint8_t*>(place) = 1;
      return 0;
    });
  };
  REQUIRE(write_to(32, true, Rights::read) == kFaulted);
  REQUIRE(write_to(9000, false, Rights::read) == kFaulted);
  REQUIRE(write_to(9000, false, Rights::write) == 0);
  REQUIRE(write_to(9000, true, Rights::write) == kFaultedOtherwise);  // by mprotect(2)
  REQUIRE(write_to(9000, true, Rights::read) >= kFaulted);            // by either
}

TEST_CASE("Scopes nest: an inner one only adds rights, and its end takes them back") {
  if (!available()) return;
  const int status = in_closed_child([] {
    auto buffer = LockedBuffer::random(32).value();
    std::uint8_t* const place = place_of(buffer);
    {
      const OpenSecrets outer(Rights::read);
      {
        const OpenSecrets inner(Rights::read);
        if (!is_readable(place)) return 1;
      }
      if (!is_readable(place)) return 2;
      {
        const OpenSecrets inner(Rights::write);
        if (!is_writable(place)) return 3;
      }
      if (!is_readable(place)) return 4;
    }
    if (!is_closed(place)) return 5;
    {
      const OpenSecrets outer(Rights::write);
      {
        const OpenSecrets inner(Rights::read);
        if (!is_writable(place)) return 6;
      }
      if (!is_writable(place)) return 7;
    }
    return is_closed(place) ? 0 : 8;
  });
  REQUIRE(status == 0);
}

TEST_CASE("Secrets can be copied from one buffer into another, and exported into one") {
  if (!available()) return;
  const int status = in_closed_child([] {
    const Secrets secrets;
    auto copy = LockedBuffer::create(32).value();
    const auto copied = copy.write([&](auto to) {
      return secrets.small.read([&](View from) { std::ranges::copy(from, to.begin()); });
    });
    if (!copied || !copy.equals(secrets.small)) return 1;
    auto seed = LockedBuffer::create(kSeedSize).value();
    auto expanded = LockedBuffer::create(kDecapsulationKeySize).value();
    const auto exported = seed.write(
        [&](auto to) { return secrets.key.export_seed(to.template first<kSeedSize>()); });
    const auto exported_all = expanded.write([&](auto to) {
      return secrets.key.export_expanded(to.template first<kDecapsulationKeySize>());
    });
    if (!exported || !exported_all) return 2;
    auto again = seed.read([](View bytes) { return DecapsulationKey::from_seed(bytes); }).value();
    auto imported =
        expanded.read([](View bytes) { return DecapsulationKey::import_expanded(bytes); });
    const auto ek = secrets.key.encapsulation_key().bytes();
    return std::ranges::equal(again.encapsulation_key().bytes(), ek) &&
                   std::ranges::equal(imported->encapsulation_key().bytes(), ek)
               ? 0
               : 3;
  });
  REQUIRE(status == 0);
}

TEST_CASE("Opening and closing secrets costs at most 60 ns") {
  if (!available()) return;
  const int status = in_closed_child([] {
    using Clock = std::chrono::steady_clock;
    constexpr int kPairs = 1000;
    std::array<double, 101> times;
    for (double& time : times) {
      const auto start = Clock::now();
      for (int i = 0; i < kPairs; ++i) const OpenSecrets open(Rights::write);
      const std::chrono::duration<double, std::nano> spent = Clock::now() - start;
      time = spent.count() / kPairs;
    }
    std::ranges::nth_element(times, times.begin() + 50);
    dprintf(STDOUT_FILENO, "a pair of opening and closing: %.0f ns\n", times[50]);
#ifdef LATCHKEY_THREAD_SANITIZER
    constexpr double kMost = 1000;  // the sanitizer's own calls count, too
#else
    constexpr double kMost = 60;
#endif
    return is_emulated() || times[50] <= kMost ? 0 : 1;
  });
  REQUIRE(status == 0);
}

}  // namespace
}  // namespace latchkey::test
