// Protection keys in the life of a process: threads, signals, children, and every operation while
// secrets are closed.

#include <sys/syscall.h>

#include <atomic>
#include <thread>

#include "latchkey/batch.hpp"
#include "memory/protection.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("A thread is closed while another one is open, and starts as its creator is") {
  if (!available()) return;
  const int status = in_closed_child([] {
    auto buffer = LockedBuffer::random(32).value();
    std::uint8_t* const place = place_of(buffer);
    std::atomic<bool> go{false}, closed{false}, opened{false}, closed_again{false};
    std::thread other([&] {
      while (!go) std::this_thread::yield();
      closed = is_closed(place);
      if (!buffer.read([&](View) { opened = is_readable(place); })) std::abort();
      closed_again = is_closed(place);
    });
    const OpenSecrets open(Rights::write);
    go = true;
    other.join();
    if (!closed) return 1;
    if (!opened || !closed_again) return 2;
    if (!is_writable(place)) return 3;
    bool inherited = false;
    std::thread([&] { inherited = is_writable(place); }).join();
    return inherited ? 0 : 4;
  });
  REQUIRE(status == 0);
}

TEST_CASE("A signal handler starts closed, may use secrets, and leaves what it interrupted open") {
  if (!available()) return;
  static Secrets* secrets;
  static std::uint8_t* place;
  static int handled;
  const int status = in_closed_child([] {
    secrets = new Secrets;
    place = place_of(secrets->small);
    if (!secrets->work()) return 1;  // so that the handler finds free slots
    signal(SIGUSR1, [](int) {
      const bool was_closed = is_closed(place), worked = secrets->work();
      const OpenSecrets open(Rights::write);
      handled += was_closed && worked && is_writable(place);
    });
    raise(SIGUSR1);
    if (!is_closed(place)) return 2;
    {
      const OpenSecrets open(Rights::read);
      raise(SIGUSR1);
      if (!is_readable(place)) return 3;
    }
    {
      const OpenSecrets open(Rights::write);
      raise(SIGUSR1);
      if (!is_writable(place)) return 4;
    }
    if (!is_closed(place)) return 5;
    return handled == 3 ? 0 : 6;
  });
  REQUIRE(status == 0);
}

TEST_CASE("purge() wipes what is closed, and leaves it closed") {
  if (!available()) return;
  const int status = in_closed_child([] {
    Secrets secrets;
    const auto places = secrets.places();
    if (!secrets.large.freeze()) return 1;
    purge();
    if (!std::ranges::all_of(places, is_closed)) return 2;
    const OpenSecrets open;
    for (const auto* place : places) {
      if (std::any_of(place, place + 32, [](auto byte) { return byte != 0; })) return 3;
    }
    const auto gone = secrets.small.read([](View) {});
    return !gone && gone.error() == Error::purged ? 0 : 4;
  });
  REQUIRE(status == 0);
}

TEST_CASE("A child has closed secrets of its own, and adopts what is handed to it") {
  if (!available()) return;
  const int status = in_closed_child([] {
    Secrets secrets;
    if (!secrets.parcel.write([](auto bytes) { std::ranges::fill(bytes, 7); })) return 1;
    const pid_t child = fork();
    if (child == 0) {
      if (!has_protection_keys() || secrets.key.decapsulate(secrets.sent.ciphertext)) _exit(2);
      Secrets mine;
      if (!std::ranges::all_of(mine.places(), is_closed) || !mine.work()) _exit(3);
      auto adopted = secrets.parcel.adopt().value();
      _exit(is_closed(place_of(adopted)) && adopted.equals(Bytes(32, 7)) ? 0 : 4);
    }
    int ended = 0;
    waitpid(child, &ended, 0);
    if (!secrets.work() || !std::ranges::all_of(secrets.places(), is_closed)) return 5;
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : 6;
  });
  REQUIRE(status == 0);
}

TEST_CASE("Secrets that are there when protection keys come on are closed, and stay as they were") {
  if (!available()) return;
  const Ending ending = in_child([] {
    Secrets secrets;
    const Bytes before = copy_of(secrets.large);
    auto frozen = LockedBuffer::copy_of(before).value();
    const auto places = secrets.places();
    std::uint8_t* const frozen_place = place_of(frozen);
    if (!frozen.freeze()) return 1;
    std::atomic<bool> go{false}, closed{false};
    std::thread earlier([&] {
      while (!go) std::this_thread::yield();
      closed = std::ranges::all_of(places, is_closed) && is_closed(frozen_place);
    });
    turn_on();
    go = true;
    earlier.join();
    if (!closed || !std::ranges::all_of(places, is_closed) || !is_closed(frozen_place)) return 2;
    if (!secrets.work() || !secrets.large.equals(before)) return 3;
    {
      const OpenSecrets open(Rights::write);
      if (!is_readable(frozen_place)) return 4;
    }
    if (!frozen.equals(before) || !frozen.thaw() || !frozen.wipe()) return 5;
    // They stay on, also for what comes later.
    if (!set_memory_policy(Policy::require)) return 7;
    Secrets later;
    return has_protection_keys() && std::ranges::all_of(later.places(), is_closed) ? 0 : 6;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

#ifdef SYS_pkey_alloc
TEST_CASE("While a program has taken all keys, no secret is closed; asking again closes them all") {
  if (!available() || has_protection_keys()) return;  // where they are on already, there is one
  const Ending ending = in_child([] {
    Secrets before;
    long taken = -1;
    for (long key; (key = syscall(SYS_pkey_alloc, 0L, 0L)) >= 0;) taken = key;
    turn_on();
    if (taken < 0 || has_protection_keys() || !is_writable(place_of(before.large))) return 1;
    syscall(SYS_pkey_free, taken);
    Secrets after;
    if (has_protection_keys() || !before.work() || !after.work()) return 2;
    turn_on();
    if (!has_protection_keys() || !before.work() || !after.work()) return 3;
    const auto closed = [](Secrets& secrets) {
      return std::ranges::all_of(secrets.places(), is_closed);
    };
    return closed(before) && closed(after) ? 0 : 4;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}
#endif

TEST_CASE("Every operation works on closed secrets") {
  if (!available()) return;
  const int status = in_closed_child([] {
    const Secrets secrets;
    if (!self_test()) return 1;
    const auto tested = DecapsulationKey::generate(PairwiseTest::run);
    std::array<std::uint8_t, kSeedSize> seed;
    std::array<std::uint8_t, kDecapsulationKeySize> expanded;
    if (!tested || !tested->export_seed(seed) || !tested->export_expanded(expanded)) return 2;
    if (!DecapsulationKey::from_seed(seed) || !DecapsulationKey::import_expanded(expanded))
      return 3;
    if (!decapsulate_with_expanded_key(expanded, secrets.sent.ciphertext)) return 4;
    std::array<DecapsulationKey, 5> keys;
    std::array<Encapsulation, 5> sent;
    std::array<SharedSecret, 5> opened;
    if (!generate_batch(keys)) return 5;
    std::array<const EncapsulationKey*, 5> publics;
    std::array<const DecapsulationKey*, 5> privates;
    std::array<Ciphertext, 5> ciphertexts;
    for (std::size_t i = 0; i < 5; ++i) publics[i] = &keys[i].encapsulation_key();
    if (!encapsulate_batch(publics, sent)) return 6;
    for (std::size_t i = 0; i < 5; ++i) {
      privates[i] = &keys[i];
      ciphertexts[i] = sent[i].ciphertext;
    }
    if (!decapsulate_batch(privates, ciphertexts, opened)) return 7;
    Bytes source(100, 1);
    auto taken = LockedBuffer::take(source).value();
    if (!taken.equals(Bytes(100, 1)) || !taken.wipe()) return 8;
    const auto same = taken.equals(secrets.large);
    return !same && same.error() == Error::not_equal ? 0 : 9;
  });
  REQUIRE(status == 0);
}

}  // namespace
}  // namespace latchkey::test
