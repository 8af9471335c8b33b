// What the tests of inheritable buffers share.
#pragma once

#include <sys/syscall.h>

#include <algorithm>

#include "memory/support.hpp"

namespace latchkey::test {

inline LockedBuffer parcel_of(const Bytes& bytes) {
  auto parcel = LockedBuffer::inheritable(bytes.size()).value();
  const auto filled = parcel.write([&](auto to) { std::ranges::copy(bytes, to.begin()); });
  if (!filled) std::abort();
  return parcel;
}

// One process tells another to go on.
class Signal {
 public:
  Signal() {
    if (pipe(ends_) != 0) std::abort();
  }
  ~Signal() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  void give() const {
    if (::write(ends_[1], "x", 1) != 1) std::abort();
  }
  void await() const {
    char byte;
    if (::read(ends_[0], &byte, 1) != 1) std::abort();
  }

 private:
  int ends_[2];
};

// A child of fork(), or of clone(2), which runs no handlers, that ends with the status
// f(), or by a signal if that takes long.
enum class By { fork, clone };
template <class F>
pid_t start(By by, F f) {
  const pid_t child =
      by == By::fork ? fork() : static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
  if (child < 0) std::abort();
  if (child == 0) {
    alarm(30);  // if nobody tells it to go on
    _exit(f());
  }
  return child;
}

inline int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

inline void require_zero(const Ending& ending) {
  REQUIRE(ending.errors == "");
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

inline bool is(const auto& result, Error error) { return !result && result.error() == error; }

inline const std::uint8_t* place_in(const LockedBuffer& buffer) {
  const std::uint8_t* place = nullptr;
  if (!buffer.read([&](View bytes) { place = bytes.data(); })) std::abort();
  return place;
}

inline bool are_zeros(const std::uint8_t* bytes, std::size_t size) {
  const OpenSecrets open;
  return std::all_of(bytes, bytes + size, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace latchkey::test
