// Enclaves in many threads.

#include <chrono>
#include <set>

#include "enclave/support.hpp"
#include "latchkey/enclave.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("No two threads seal under the same number") {
  constexpr std::size_t kThreads = 4, kEach = 2500;
  const Bytes secret(32, 7);
  const auto first = box_of(sealed(secret)).ticket;
  std::vector<std::vector<Enclave>> made(kThreads);
  std::vector<std::thread> threads;
  std::atomic<std::size_t> ready{0};
  for (auto& mine : made) {
    threads.emplace_back([&] {
      ++ready;
      while (ready < kThreads) {
      }
      for (std::size_t i = 0; i < kEach; ++i) mine.push_back(Enclave::seal(secret).value());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::uint64_t> numbers;
  std::set<Bytes> ciphertexts;
  for (const auto& mine : made) {
    for (const auto& enclave : mine) {
      auto& box = box_of(enclave);
      REQUIRE(box.ticket.key == first.key);
      numbers.insert(box.ticket.number);
      ciphertexts.insert(Bytes(box.bytes().begin(), box.bytes().end()));
      REQUIRE(opens_to(enclave, secret));
    }
  }
  REQUIRE(numbers.size() == kThreads * kEach);
  REQUIRE(*numbers.begin() == first.number + 1);
  REQUIRE(*numbers.rbegin() == first.number + kThreads * kEach);
  REQUIRE(ciphertexts.size() == kThreads * kEach);
}

// Whether enclaves that many threads seal at once, the first of the process, are under one key.
bool first_ones_agree() {
  constexpr int kThreads = 8;
  std::atomic<int> ready{0};
  Enclave made[kThreads];
  std::vector<std::thread> threads;
  const auto secret_of = [](int i) { return Bytes(40, static_cast<std::uint8_t>(i)); };
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const Bytes secret = secret_of(i);
      ++ready;
      while (ready < kThreads) {
      }
      made[i] = Enclave::seal(secret).value();
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::uint64_t> numbers;
  for (int i = 0; i < kThreads; ++i) {
    if (!opens_to(made[i], secret_of(i)) || box_of(made[i]).ticket.key != 1) return false;
    numbers.insert(box_of(made[i]).ticket.number);
  }
  return numbers.size() == kThreads;
}

TEST_CASE("The first secrets of a process may be sealed by many threads at once") {
  const Ending ending = in_child([] { return first_ones_agree() ? 0 : 1; });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

TEST_CASE("One enclave may be opened by many threads") {
  const Bytes secret(5000, 7);
  const Enclave enclave = sealed(secret);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int again = 0; again < 200; ++again) {
        if (!opens_to(enclave, secret)) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  REQUIRE(wrong == 0);
}

// Threads that seal and open while f() destroys keys, until both outcomes were seen. The status of
// the process.
template <class F>
int disturb(F f) {
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0}, whole{0}, gone{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      const Bytes secret(i == 0 ? 20'000 : 32, static_cast<std::uint8_t>(i + 1));
      const auto is_gone = [&](Error error) {
        return error == Error::session_key_gone || error == Error::purged;
      };
      while (!done) {
        const auto enclave = Enclave::seal(secret);
        if (!enclave) {
          if (!is_gone(enclave.error())) ++wrong;
          continue;
        }
        // The zeros that are left of a key are no key.
        if (open_with(Bytes(32), Expected(box_of(*enclave)), *enclave)) ++wrong;
        bool was_gone = false;
        for (int again = 0; again < 5; ++again) {
          const auto open = enclave->open();
          const auto right = open ? open->equals(secret) : Result<void>(open.error());
          if (!right && !is_gone(right.error())) ++wrong;
          // Once it is gone, it stays so. A result of open() may be purged by itself.
          if (open && was_gone) ++wrong;
          was_gone |= fails_with(open, Error::session_key_gone);
          ++(right ? whole : gone);
        }
      }
    });
  }
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto passed = [&](std::chrono::milliseconds time) { return Clock::now() - start > time; };
  const Bytes mine(32, 9);
  using namespace std::chrono_literals;
  while (!passed(400ms) || ((whole < 100 || gone < 100) && !passed(20s))) {
    const auto enclave = Enclave::seal(mine);
    f();
    if (enclave && !fails_with(enclave->open(), Error::session_key_gone)) ++wrong;
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  done = true;
  for (auto& thread : threads) thread.join();
  if (wrong != 0) return 1;
  return whole >= 100 && gone >= 100 ? 0 : 2;
}

TEST_CASE("Keys that are destroyed beside other threads leave enclaves that open or are gone") {
  const Ending ending = in_child([] { return disturb(Enclave::destroy_session_key); });
  REQUIRE(ending.errors == "");
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

// Not under the thread sanitizer: purge() wipes what others are at work on.
#ifndef LATCHKEY_THREAD_SANITIZER
TEST_CASE("So do purges") {
  const Ending ending = in_child([] { return disturb(purge); });
  REQUIRE(ending.errors == "");
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}
#endif

TEST_CASE("A key is destroyed though other threads never leave it unused") {
  const Ending ending = in_child([] {
    alarm(60);
    const Bytes secret(200'000, 7);
    std::atomic<bool> done{false};
    std::atomic<int> opened{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        while (!done) {
          const auto enclave = Enclave::seal(secret);
          if (enclave && opens_to(*enclave, secret)) ++opened;
        }
      });
    }
    while (opened < 4) std::this_thread::yield();
    for (int i = 0; i < 50; ++i) Enclave::destroy_session_key();
    done = true;
    for (auto& thread : threads) thread.join();
    return 0;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

}  // namespace
}  // namespace latchkey::test
