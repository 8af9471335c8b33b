// The way into an operation and out of it: afterwards nothing of it is on the stack or in a
// register.
//
// An operation need not wipe what it works with. Its working state, what the compiler spilled and
// the frames of all that it called lie in one place, below the stack pointer, and are wiped as one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/stack.hpp"

namespace latchkey::base {

// The operation f as an entry of the function table. It may use `Depth` bytes of stack: tests/scrub
// measures how many it does. Without `wiped` it leaves everything, which is what those tests
// compare with.
template <class B, auto f, std::size_t Depth, bool wiped = true>
struct Entry;
template <class B, class R, class... Args, R (*f)(Args...) noexcept, std::size_t Depth, bool wiped>
struct Entry<B, f, Depth, wiped> {
  static R call(Args... args) noexcept {
    if constexpr (wiped) {
      const WipeStackOnExit<Depth> wipe;
      return run(args...);
    } else {
      return run(args...);
    }
  }

 private:
  // Calls f, which is not inlined: nothing but the gap lies in the frame that it is called from.
  [[gnu::noinline]] static R run(Args... args) noexcept {
    std::uint8_t gap[kStackGap];
    auto* operation = f;
    asm volatile("" : "+r"(operation) : "r"(gap) : "memory");
    return operation(args...);
  }
};

}  // namespace latchkey::base
