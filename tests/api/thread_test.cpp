// Many threads and one key. Build with -Db_sanitize=thread to see races that do no harm today.

#include <atomic>
#include <barrier>
#include <thread>

#include "api/support.hpp"

namespace latchkey::test {
namespace {

constexpr int kThreads = 8;

// Runs f(0) to f(7) at the same moment and counts how many returned true.
template <class F>
int count_successes(F f) {
  std::barrier start(kThreads);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      if (f(i)) ++good;
    });
  }
  for (auto& thread : threads) thread.join();
  return good;
}

bool round_trip(const EncapsulationKey& ek, const DecapsulationKey& dk) {
  const auto sent = ek.encapsulate();
  if (!sent) return false;
  const auto opened = dk.decapsulate(sent->ciphertext);
  return opened && copy_of(*opened) == copy_of(sent->secret);
}

// Meson also runs this one alone, so that it is the first use of the library in its process.
TEST_CASE("Threads that use the library for the first time at once all work", "[first-use]") {
  std::array<const char*, kThreads> names{};
  REQUIRE(count_successes([&](int i) {
            const auto key = DecapsulationKey::generate();
            names[static_cast<std::size_t>(i)] = backend_name();
            return key && round_trip(key->encapsulation_key(), *key);
          }) == kThreads);
  for (const char* name : names) REQUIRE(name == names[0]);
}

TEST_CASE("Eight threads use one key at once") {
  Random random;
  const KeyMaterial alice(random);
  REQUIRE(count_successes([&](int) {
            bool good = true;
            for (int i = 0; i < 50; ++i) {
              good = good && round_trip(alice.key.encapsulation_key(), alice.key);
              const auto clone = alice.key.encapsulation_key().clone();
              good = good && clone && round_trip(*clone, alice.key);
            }
            std::array<std::uint8_t, kSeedSize> seed;
            std::array<std::uint8_t, kDecapsulationKeySize> expanded;
            good = good && alice.key.export_seed(seed) && copy_of(seed) == alice.seed;
            good = good && alice.key.export_expanded(expanded);
            return good && copy_of(expanded) == alice.expanded;
          }) == kThreads);
}

}  // namespace
}  // namespace latchkey::test
