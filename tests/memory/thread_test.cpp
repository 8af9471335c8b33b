// Many threads that make, move and free secrets.

#include <atomic>
#include <thread>

#include "latchkey/mlkem768.hpp"
#include "memory/support.hpp"

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
        const bool intact = slot.size() == 0 || slot.read([&](View bytes) {
                                                      for (const auto byte : bytes) {
                                                        if (byte != mark) return false;
                                                      }
                                                      return true;
                                                    })
                                                    .value();
        if (!intact) ++wrong;
        auto fresh = LockedBuffer::create(size);
        const bool zero = fresh && fresh
                                       ->write([&](auto bytes) {
                                         for (auto& byte : bytes) {
                                           if (byte != 0) return false;
                                           byte = mark;
                                         }
                                         return true;
                                       })
                                       .value();
        if (!zero) ++wrong;
        if (!fresh) continue;
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
