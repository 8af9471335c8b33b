// What the tests of protection keys share.
#pragma once

#include <fcntl.h>

#include <algorithm>
#include <array>

#include "api/access.hpp"
#include "memory/support.hpp"

namespace latchkey::test {

using Rights = OpenSecrets::Rights;

inline void turn_on() {
  if (!set_memory_policy(Policy::require | Policy::protection_keys)) std::abort();
}

// Whether they can be had. If not, says so once.
inline bool available() {
  static const bool answer = [] {
    const bool found = in_child([] {
                         turn_on();
                         return has_protection_keys() ? 1 : 0;
                       }).status == 1;
    if (!found) WARN("this machine has no protection keys: they are not tested");
    return found;
  }();
  return answer;
}

inline constexpr int kFaulted = 100, kFaultedOtherwise = 101;

// What f returns in a child with protection keys, or how it faulted.
template <class F>
int in_closed_child(F f) {
  const Ending ending = in_child([&] {
    struct sigaction action = {};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = [](int, siginfo_t* info, void*) {
      _exit(info->si_code == SEGV_PKUERR ? kFaulted : kFaultedOtherwise);
    };
    sigaction(SIGSEGV, &action, nullptr);
    turn_on();
    return f();
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  return ending.status;
}

// What this thread may do, asked without a fault: system calls touch memory with its rights.
inline bool can_read(const std::uint8_t* bytes) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const bool done = write(ends[1], bytes, 1) == 1;
  close(ends[0]);
  close(ends[1]);
  return done;
}
inline bool can_write(std::uint8_t* bytes) {
  const int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  const bool done = read(zeros, bytes, 1) == 1;
  close(zeros);
  return done;
}
inline bool is_closed(std::uint8_t* bytes) { return !can_read(bytes) && !can_write(bytes); }
inline bool is_readable(std::uint8_t* bytes) { return can_read(bytes) && !can_write(bytes); }
inline bool is_writable(std::uint8_t* bytes) { return can_read(bytes) && can_write(bytes); }

inline std::uint8_t* place_of(LockedBuffer& buffer) {
  std::uint8_t* place = nullptr;
  if (!buffer.write([&](auto bytes) { place = bytes.data(); })) std::abort();
  return place;
}

// One of each kind.
struct Secrets {
  LockedBuffer small = LockedBuffer::random(32).value(), large = LockedBuffer::random(9000).value();
  LockedBuffer parcel = LockedBuffer::inheritable(32).value();
  DecapsulationKey key = DecapsulationKey::generate().value();
  Encapsulation sent = key.encapsulation_key().encapsulate().value();

  std::array<std::uint8_t*, 5> places() {
    return {place_of(small), place_of(large), place_of(parcel),
            reinterpret_cast<std::uint8_t*>(SecretAccess::secret_key(key).value()),
            SecretAccess::bytes(sent.secret).value()};
  }
  // Whether the key still opens what was sent.
  [[nodiscard]] bool work() const {
    const auto opened = key.decapsulate(sent.ciphertext);
    const OpenSecrets open;
    return opened && std::ranges::equal(opened->expose().value(), sent.secret.expose().value());
  }
};

}  // namespace latchkey::test
