// The arena: what is round a secret, and what remains of it.

#include <algorithm>
#include <cstring>

#include "latchkey/mlkem768.hpp"
#include "memory/poison.hpp"
#include "memory/support.hpp"

namespace latchkey::test {
namespace {

using memory::SlotView;

std::vector<SlotView> slots() {
  std::vector<SlotView> all;
  memory::visit_slots(
      [](void* context, const SlotView& view) {
        static_cast<std::vector<SlotView>*>(context)->push_back(view);
      },
      &all);
  return all;
}

std::size_t count_in_use() {
  return static_cast<std::size_t>(std::ranges::count_if(slots(), &SlotView::in_use));
}

std::uint8_t* place_of(LockedBuffer& buffer) {
  std::uint8_t* place = nullptr;
  REQUIRE(buffer.write([&](auto bytes) { place = bytes.data(); }));
  return place;
}

// Bytes that no other slot holds.
Bytes filled(LockedBuffer& buffer, Random& random) {
  const Bytes bytes = random.vector(buffer.size());
  REQUIRE(buffer.write([&](auto to) { std::ranges::copy(bytes, to.begin()); }));
  return bytes;
}

TEST_CASE("A slot that was freed reads as zeros, and no other changes") {
  Random random;
  for (const std::size_t size : {32, 64, 256, 1600, 2400}) {
    CAPTURE(size);
    auto kept = need(LockedBuffer::create(size));
    const Bytes bytes = filled(kept, random);
    const std::uint8_t* place;
    const std::size_t before = count_in_use();
    {
      auto buffer = need(LockedBuffer::create(size));
      filled(buffer, random);
      place = place_of(buffer);
      REQUIRE(count_in_use() == before + 1);
    }
    const OpenSecrets open;
    const auto all = slots();
    REQUIRE(count_in_use() == before);
    const auto view = std::ranges::find(all, place, &SlotView::bytes);
    REQUIRE(view != all.end());
    REQUIRE_FALSE(view->in_use);
    REQUIRE(View(view->bytes, view->size).size() == size);
    for (const SlotView& slot : all) {
      if (slot.in_use) continue;
      const View content(slot.bytes, slot.size);
      REQUIRE(std::ranges::all_of(content, [](std::uint8_t byte) { return byte == 0; }));
    }
    REQUIRE(copy_of(kept) == bytes);
  }
}

#ifdef LATCHKEY_POISONS
TEST_CASE("AddressSanitizer reports a read of a secret that was freed") {
  for (const std::size_t size : {32, 64, 256, 1600, 2400}) {
    const Ending ending = in_child([=] {
      auto buffer = LockedBuffer::random(size).value();
      const volatile std::uint8_t* const place = place_of(buffer);
      if (place[size - 1] == 0 && place[0] == 0) return 1;  // no report while it lives
      buffer = LockedBuffer();
      return static_cast<int>(place[size - 1]);
    });
    REQUIRE(ending.errors.find("use-after-poison") != ending.errors.npos);
  }
}
#endif

TEST_CASE("Slots do not overlap, canaries are between them, and keys are aligned for vectors") {
  std::vector<LockedBuffer> buffers;
  for (int i = 0; i < 300; ++i) {
    for (const std::size_t size : {32, 64, 256, 1600, 2400}) {
      buffers.push_back(need(LockedBuffer::create(size)));
    }
  }
  auto all = slots();
  std::ranges::sort(all, {}, &SlotView::bytes);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    REQUIRE(all[i].bytes + all[i].size + 2 * memory::kCanarySize <= all[i + 1].bytes);
  }
  for (const SlotView& slot : all) {
    const auto address = reinterpret_cast<std::uintptr_t>(slot.bytes);
    REQUIRE(address % (slot.size == 1600 ? 64 : 16) == 0);
    REQUIRE(slot.locked);
  }
}

TEST_CASE("A byte beyond the guard faults, and the last one before it does not") {
  const auto touch = [](std::size_t size, std::ptrdiff_t offset, bool writing) {
    return faults([=] {
      auto buffer = LockedBuffer::create(size).value();
      volatile std::uint8_t* bytes = nullptr;
      if (!buffer.write([&](auto to) { bytes = to.data(); })) std::abort();
      const OpenSecrets open(OpenSecrets::Rights::write);
      if (writing) {
        bytes[offset] = bytes[0];
      } else {
        (void)bytes[offset];
      }
      _exit(0);
    });
  };
  for (const bool writing : {false, true}) {
    CAPTURE(writing);
    REQUIRE(touch(8192, 8192, writing));
    REQUIRE_FALSE(touch(8192, 8191, writing));
    REQUIRE(touch(5000, 5008, writing));  // the next multiple of 16
    REQUIRE_FALSE(touch(5000, 5007, writing));
    REQUIRE(touch(8192, -4097, writing));  // a page holds the canary before it
    REQUIRE_FALSE(touch(8192, -4096, writing));
    // The first slot of a fresh chunk: its canary, and then the guard.
    REQUIRE(touch(2400, -17, writing));
    REQUIRE_FALSE(touch(2400, -16, writing));
  }
}

TEST_CASE("A canary that was written over wipes all secrets and ends the process") {
  Random random;
  const Bytes marker = random.vector(32);
  // Writes at the offset, frees, and tells from a handler of SIGABRT whether the other secret is
  // still there.
  const auto write_at = [&](std::size_t size, std::ptrdiff_t offset) {
    return in_child([&] {
      static const std::uint8_t* other_place;
      static std::uint8_t first_byte;
      auto other = LockedBuffer::copy_of(marker).value();
      first_byte = marker[0] | 1;
      if (!other.write([](auto bytes) {
            bytes[0] = first_byte;
            other_place = bytes.data();
          })) {
        return 1;
      }
      signal(SIGABRT, [](int) {
        const OpenSecrets open;
        _exit(*other_place == 0 ? 42 : 43);
      });
      auto buffer = LockedBuffer::create(size).value();
      std::uint8_t* bytes = nullptr;
      if (!buffer.write([&](auto to) { bytes = to.data(); })) return 1;
      {
        const OpenSecrets open(OpenSecrets::Rights::write);
        bytes[offset] ^= 1;
      }
      buffer = LockedBuffer();
      return 0;
    });
  };
  for (const std::size_t size : {32, 64, 256, 1600, 2400}) {
    const auto end = static_cast<std::ptrdiff_t>(size);
    for (const std::ptrdiff_t offset :
         {-16, -1, static_cast<int>(end), static_cast<int>(end) + 15}) {
      CAPTURE(size, offset);
      const Ending ending = write_at(size, offset);
      REQUIRE(ending.status == 42);
      REQUIRE(ending.errors == "latchkey: memory beside a secret of " + std::to_string(size) +
                                   " bytes was overwritten; all secrets are wiped\n");
    }
    REQUIRE(write_at(size, end - 1).status == 0);  // the last byte is the caller's
  }
  REQUIRE(write_at(5001, 5001).status == 42);
  REQUIRE(write_at(5001, -1).status == 42);
  REQUIRE(write_at(5001, 5000).status == 0);
}

TEST_CASE("After purge() every secret is gone, and its object says so") {
  const Ending ending = in_child([] {
    Random random;
    auto key = DecapsulationKey::generate().value();
    auto sent = key.encapsulation_key().encapsulate().value();
    auto small = LockedBuffer::random(32).value(), large = LockedBuffer::random(10'000).value();
    auto frozen = LockedBuffer::random(10'000).value();
    if (!frozen.freeze()) return 1;
    purge();
    {
      const OpenSecrets open;
      for (const SlotView& slot : slots()) {
        const View content(slot.bytes, slot.size);
        if (std::ranges::any_of(content, [](std::uint8_t byte) { return byte != 0; })) return 2;
      }
    }
    const auto purged = [](const auto& result) {
      return !result && result.error() == Error::purged;
    };
    std::array<std::uint8_t, kSeedSize> seed;
    std::array<std::uint8_t, kDecapsulationKeySize> expanded;
    if (!purged(key.decapsulate(sent.ciphertext)) || !purged(key.export_seed(seed)) ||
        !purged(key.export_expanded(expanded)) || !purged(sent.secret.expose()) ||
        !purged(small.read([](View) {})) || !purged(large.write([](auto) {})) ||
        !purged(large.freeze()) || !purged(frozen.read([](View) {})) || !purged(small.wipe()) ||
        !purged(small.equals(Bytes(32)))) {
      return 3;
    }
    // The public half is not secret, and what comes after is new.
    if (!key.encapsulation_key().encapsulate()) return 4;
    for (int i = 0; i < 200; ++i) {
      if (!LockedBuffer::random(32).value().read([](View) {})) return 5;
    }
    key = DecapsulationKey::generate().value();
    sent = key.encapsulation_key().encapsulate().value();
    return key.decapsulate(sent.ciphertext).has_value() ? 0 : 6;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.status == 0);
}

TEST_CASE("Keys and secrets are locked") {
  const auto key = need(DecapsulationKey::generate());
  const auto sent = need(key.encapsulation_key().encapsulate());
  REQUIRE(key.is_locked());
  REQUIRE(sent.secret.is_locked());
  REQUIRE(need(LockedBuffer::create(32)).is_locked());
  REQUIRE(need(LockedBuffer::create(100'000)).is_locked());
  REQUIRE_FALSE(SharedSecret().is_locked());
  REQUIRE_FALSE(DecapsulationKey().is_locked());
}

}  // namespace
}  // namespace latchkey::test
