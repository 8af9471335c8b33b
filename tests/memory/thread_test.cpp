// Many threads that make, move and free secrets.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "latchkey/mlkem768.hpp"
#include "memory/entropy.hpp"
#include "memory/support.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("Eight threads make, move, hand over and free secrets, and none meets another's") {
  constexpr std::size_t kThreads = 8, kRounds = 2000, kHeld = 40;
  std::atomic<int> wrong{0};
  std::atomic<LockedBuffer*> shelf[4] = {};  // from thread to thread
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      std::vector<LockedBuffer> held(kHeld);
      for (std::size_t round = 0; round < kRounds; ++round) {
        constexpr std::size_t kSizes[] = {32, 64, 200, 1600, 2400, 5000};
        const std::size_t which = (round * 7 + thread) % kHeld;
        // Few of those that cost system calls.
        const std::size_t size = kSizes[round % (round % 50 == 0 ? 6 : 5)];
        const auto mark = static_cast<std::uint8_t>(1 + which + kHeld * thread % 200);
        LockedBuffer& slot = held[which];
        const auto others = [&](auto bytes, std::uint8_t expected) {
          return std::ranges::count_if(bytes, [=](auto byte) { return byte != expected; });
        };
        const auto strange = slot.read([&](View bytes) { return others(bytes, mark); });
        if (slot.size() != 0 && (!strange || *strange != 0)) ++wrong;
        auto fresh = LockedBuffer::create(size);
        if (!fresh) {
          ++wrong;
          continue;
        }
        const auto nonzero = fresh->write([&](auto bytes) {
          const auto count = others(bytes, 0);
          std::ranges::fill(bytes, mark);
          return count;
        });
        if (!nonzero || *nonzero != 0) ++wrong;
        slot = std::move(*fresh);
        if (round % 5 == 0) {
          auto* const mine = new LockedBuffer(LockedBuffer::create(32).value());
          delete shelf[round % 4].exchange(mine);  // another thread made it
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (auto& place : shelf) delete place.load();
  REQUIRE(wrong == 0);
}

// Not under the thread sanitizer: purge() wipes what others are at work on.
#ifndef LATCHKEY_THREAD_SANITIZER
TEST_CASE("A purge beside other threads leaves secrets that are whole or say that they are gone") {
  const Ending ending = in_child([] {
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0}, purged{0}, whole{0};
    std::vector<std::thread> threads;
    const auto seed = [] {
      Random random;
      return random.vector(kSeedSize);
    }();
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        const Bytes nothing(32);
        while (!done) {
          auto buffer = LockedBuffer::create(32).value();
          const auto filled = buffer.write([](auto bytes) { std::ranges::fill(bytes, 0xaa); });
          for (int again = 0; again < 5; ++again) {
            const auto others = buffer.read([](View bytes) {
              return std::ranges::count_if(bytes, [](std::uint8_t byte) { return byte != 0xaa; });
            });
            if (filled && others && *others != 0) ++wrong;
            if (filled && buffer.equals(nothing)) ++wrong;
            ++(filled && others ? whole : purged);
          }
          auto parcel = LockedBuffer::inheritable(100);
          if (parcel) *parcel = LockedBuffer();
        }
      });
    }
    threads.emplace_back([&] {
      while (!done) {
        const auto key = DecapsulationKey::from_seed(seed);
        std::array<std::uint8_t, kSeedSize> exported;
        if (!key || !key->export_seed(exported)) continue;
        if (!std::ranges::equal(exported, seed)) ++wrong;
      }
    });
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto passed = [&](int seconds) {
      return Clock::now() - start > std::chrono::seconds(seconds);
    };
    while (!passed(1) || ((purged < 100 || whole < 100) && !passed(20))) {
      purge();
      // An emulated CPU needs more time for what is to stay whole.
      std::this_thread::sleep_for(std::chrono::microseconds(whole < purged ? 1000 : 50));
    }
    done = true;
    for (auto& thread : threads) thread.join();
    if (wrong != 0) return 1;
    return purged > 0 && whole > 0 ? 0 : 2;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}
#endif

TEST_CASE("A thread that is cancelled is so behind a call, and not within") {
  struct Call {
    static void* run(void* done) {
      pthread_cancel(pthread_self());
      Bytes bytes(64);
      *static_cast<bool*>(done) = memory::random_bytes(bytes);
      pthread_testcancel();
      return done;
    }
  };
  bool done = false;
  pthread_t thread;
  REQUIRE(pthread_create(&thread, nullptr, Call::run, &done) == 0);
  void* end = nullptr;
  REQUIRE(pthread_join(thread, &end) == 0);
  REQUIRE(end == PTHREAD_CANCELED);
  REQUIRE(done);
}

TEST_CASE("The first secrets of a process may be made by many threads at once") {
  const Ending ending = in_child([] {
    std::atomic<int> wrong{0}, ready{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        ++ready;
        while (ready < 8) {
        }
        const auto key = DecapsulationKey::generate();
        if (!key || !key->decapsulate(Ciphertext())) ++wrong;
      });
    }
    for (auto& thread : threads) thread.join();
    return wrong.load();
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.status == 0);
}

}  // namespace
}  // namespace latchkey::test
