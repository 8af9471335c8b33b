// Inheritable buffers: a child has a copy of its own, whatever its parent does with the buffer, and
// the other way round.

#include "memory/inheritable.hpp"

#include <fstream>

#include "latchkey/mlkem768.hpp"

namespace latchkey::test {
namespace {

const Bytes kContent(100, 0x5a);

TEST_CASE("A child makes a key of a seed in an inheritable buffer, or of a copy that it adopts") {
  auto key = need(DecapsulationKey::generate());
  auto parcel = need(LockedBuffer::inheritable(kSeedSize));
  REQUIRE(parcel.write([&](auto to) { return key.export_seed(to.template first<kSeedSize>()); }));
  const auto sent = need(key.encapsulation_key().encapsulate());
  const Bytes expected = need([&]() -> Result<Bytes> {
    const OpenSecrets open;
    const auto bytes = *sent.secret.expose();
    return Bytes(bytes.begin(), bytes.end());
  }());
  for (const bool adopts : {false, true}) {
    require_zero(in_child([&] {
      if (!is(key.decapsulate(sent.ciphertext), Error::inherited)) return 1;
      LockedBuffer adopted;
      if (adopts) adopted = parcel.adopt().value();
      const LockedBuffer& buffer = adopts ? adopted : parcel;
      if (!buffer.is_locked()) return 2;
      const auto mine = buffer.read([](View seed) { return DecapsulationKey::from_seed(seed); });
      if (!mine) return 3;
      const auto secret = mine->decapsulate(sent.ciphertext);
      const OpenSecrets open;
      return std::ranges::equal(*secret->expose(), expected) ? 0 : 4;
    }));
  }
  // In the process itself it is a buffer like any other.
  REQUIRE(copy_of(need(parcel.adopt())) == copy_of(parcel));
}

TEST_CASE("Inheritable buffers are as large as asked for, up to expanded keys and beyond") {
  // The seed and the expanded key of ML-KEM-1024, with and without X25519's.
  Random random;
  for (const std::size_t size : {0, 1, 32, 64, 96, 2400, 3168, 3200, 4096, 100'000}) {
    CAPTURE(size);
    const Bytes bytes = random.vector(size);
    const auto parcel = parcel_of(bytes);
    REQUIRE(parcel.size() == size);
    require_zero(in_child(
        [&] { return parcel.equals(bytes) && need(parcel.adopt()).equals(bytes) ? 0 : 1; }));
  }
}

TEST_CASE("A child keeps its copy when the parent writes, freezes, frees or purges its own") {
  for (const By by : {By::fork, By::clone}) {
    for (const bool frozen : {false, true}) {
      const auto survives = [&](auto change) {
        auto parcel = parcel_of(kContent);
        if (frozen && !parcel.freeze()) return 1;
        const Signal go;
        const pid_t child = start(by, [&] {
          go.await();
          if (!parcel.equals(kContent) || parcel.is_frozen() != frozen) return 2;
          if (!parcel.adopt().value().equals(kContent)) return 3;
          if (!parcel.thaw() || !parcel.wipe()) return 4;
          return parcel.equals(Bytes(kContent.size())) ? 0 : 5;
        });
        change(parcel);
        go.give();
        return status_of(child);
      };
      CAPTURE(by == By::clone, frozen);
      require_zero(in_child([&] {
        return survives([](LockedBuffer& own) {
          if (!own.thaw() || !own.wipe()) std::abort();
        });
      }));
      require_zero(in_child([&] {
        return survives([](LockedBuffer& own) {
          if (!own.freeze()) std::abort();
        });
      }));
      require_zero(in_child([&] {
        return survives([](LockedBuffer& own) {
          own = LockedBuffer();
          // Another one may come to its place.
          own = parcel_of(Bytes(kContent.size(), 1));
        });
      }));
      require_zero(in_child([&] { return survives([](LockedBuffer&) { purge(); }); }));
    }
  }
}

TEST_CASE("A child keeps its copy when its parent has ended") {
  const Signal ended;
  int report[2];
  REQUIRE(pipe(report) == 0);
  const pid_t parent = start(By::fork, [&] {
    auto parcel = parcel_of(kContent);
    start(By::fork, [&] {
      ended.await();
      const char good = parcel.equals(kContent) && parcel.is_locked() ? 'y' : 'n';
      return write(report[1], &good, 1) == 1 ? 0 : 1;
    });
    purge();  // as exit(3) does
    return 0;
  });
  REQUIRE(status_of(parent) == 0);
  ended.give();
  char good = '-';
  REQUIRE(read(report[0], &good, 1) == 1);
  REQUIRE(good == 'y');
  close(report[0]);
  close(report[1]);
}

TEST_CASE(
    "The parent and other children keep theirs when a child writes, frees or purges its own") {
  for (const By by : {By::fork, By::clone}) {
    require_zero(in_child([&] {
      auto parcel = parcel_of(kContent), frozen = parcel_of(kContent);
      if (!frozen.freeze()) return 1;
      const auto are_whole = [&] {
        return parcel.equals(kContent) && frozen.equals(kContent) && parcel.is_locked();
      };
      const Signal go;
      const pid_t sibling = start(by, [&] {
        go.await();
        return are_whole() ? 0 : 2;
      });
      const auto unchanged_by = [&](auto change) {
        return status_of(start(by, change)) == 0 && are_whole();
      };
      if (!unchanged_by([&] { return parcel.wipe() && frozen.thaw() && frozen.wipe() ? 0 : 1; })) {
        return 3;
      }
      if (!unchanged_by([&] {
            parcel = LockedBuffer();
            frozen = LockedBuffer();
            return 0;
          })) {
        return 4;
      }
      if (!unchanged_by([&] {
            purge();
            return is(parcel.read([](View) {}), Error::purged) &&
                           is(frozen.read([](View) {}), Error::purged) &&
                           is(parcel.adopt(), Error::purged)
                       ? 0
                       : 1;
          })) {
        return 5;
      }
      go.give();
      return status_of(sibling);
    }));
  }
}

TEST_CASE("A grandchild has copies of what its parent and its grandparent made") {
  for (const By first : {By::fork, By::clone}) {
    for (const By second : {By::fork, By::clone}) {
      CAPTURE(first == By::clone, second == By::clone);
      require_zero(in_child([&] {
        auto old = parcel_of(kContent);
        const auto hidden = LockedBuffer::random(32).value();
        return status_of(start(first, [&] {
          const auto mine = LockedBuffer::random(32).value();
          auto young = parcel_of(Bytes(50, 7));
          const Signal go;
          const pid_t grandchild = start(second, [&] {
            go.await();
            if (!is(hidden.read([](View) {}), Error::inherited)) return 1;
            if (!is(mine.read([](View) {}), Error::inherited)) return 2;
            if (!old.equals(kContent) || !young.equals(Bytes(50, 7))) return 3;
            old = LockedBuffer();
            purge();
            return is(young.read([](View) {}), Error::purged) ? 0 : 4;
          });
          old = LockedBuffer();
          purge();
          go.give();
          return status_of(grandchild);
        }));
      }));
    }
  }
}

// ---- The end of a copy

const std::uint8_t* watched = nullptr;
// Behind the library's own, which the linker puts behind this one: destructors run from the last to
// the first.
[[gnu::destructor(101)]] void look_at_the_end() {
  if (watched != nullptr) _exit(are_zeros(watched, kContent.size()) ? 42 : 43);
}

TEST_CASE("A child's copy is wiped by purge(), when the child frees it, and when the child exits") {
  for (const By by : {By::fork, By::clone}) {
    for (const bool frozen : {false, true}) {
      require_zero(in_child([&] {
        auto parcel = parcel_of(kContent);
        if (frozen && !parcel.freeze()) return 1;
        const auto* const place = place_in(parcel);
        const pid_t purging = start(by, [&] {
          purge();
          return are_zeros(place, kContent.size()) ? 0 : 1;
        });
        const pid_t exiting = start(by, [&]() -> int {
          watched = place;
          std::exit(44);
        });
        const pid_t freeing = start(by, [&] {
          parcel = LockedBuffer();
          int ends[2];
          if (pipe(ends) != 0) return 1;
          return write(ends[1], place, 1) == 1 ? 2 : 0;  // its pages are gone, wiped before
        });
        if (status_of(purging) != 0 || status_of(freeing) != 0) return 2;
        return status_of(exiting) == 42 ? 0 : 3;
      }));
    }
  }
}

// ---- The pages

// What /proc says of the pages at a place.
struct Pages {
  std::string flags;
  long shared = -1, locked = -1;  // KiB; of pages that are shared, a part

  explicit Pages(const std::uint8_t* place) {
    std::ifstream smaps("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(smaps, line);) {
      unsigned long start, end;
      long kib;
      if (std::sscanf(line.c_str(), "%lx-%lx ", &start, &end) == 2) {
        const auto address = reinterpret_cast<std::uintptr_t>(place);
        inside = start <= address && address < end;
      }
      if (!inside) continue;
      if (std::sscanf(line.c_str(), "Shared_Dirty: %ld", &kib) == 1) shared = kib;
      if (std::sscanf(line.c_str(), "Locked: %ld", &kib) == 1) locked = kib;
      if (line.starts_with("VmFlags:")) flags = line + " ";
    }
  }
  [[nodiscard]] bool has(const char* flag) const {
    return flags.find(" " + std::string(flag) + " ") != flags.npos;
  }
};

TEST_CASE("A copy is locked in the child, left out of core dumps, and not shared with the parent") {
  const auto probe = parcel_of(kContent);
  if (!Pages(place_in(probe)).has("lo")) {
    WARN("/proc does not say what is locked: not tested");
    return;
  }
  for (const bool frozen : {false, true}) {
    CAPTURE(frozen);
    require_zero(in_child([&] {
      auto parcel = parcel_of(kContent);
      if (frozen && !parcel.freeze()) return 1;
      const auto* const place = place_in(parcel);
      const Pages own(place);
      if (!own.has("dd") || own.has("dc") || own.has("wf") || own.has("sh")) return 2;
      const Signal seen, go;
      const pid_t child = start(By::fork, [&] {
        const Pages copy(place);
        seen.give();
        if (!copy.has("lo") || copy.locked <= 0 || !copy.has("dd")) return 3;
        // What can be written is the child's own already. Frozen pages are copied when one of both
        // writes, and locked in the child until then as well.
        if (copy.shared != (frozen ? 4 : 0)) return 4;
        go.await();
        const Pages left(place);
        if (left.shared != 0 || left.locked < 4) return 5;
        if (!parcel.thaw() || !parcel.wipe()) return 6;
        const Pages last(place);
        return last.has("lo") && last.locked >= 4 && last.shared == 0 ? 0 : 7;
      });
      seen.await();
      parcel = LockedBuffer();
      go.give();
      return status_of(child);
    }));
  }
}

}  // namespace
}  // namespace latchkey::test
