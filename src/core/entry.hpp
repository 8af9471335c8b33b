// The way into an operation and out of it: afterwards nothing of it is on the stack or in a
// register.
//
// An operation need not wipe what it works with. Its working state, what the compiler spilled and
// the frames of all that it called lie in one place, below the stack pointer, and are wiped as one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/wipe.hpp"

namespace latchkey::core {

// Wipes the stack below its caller, but for the few bytes of its own frame beside the array.
// Of B it takes only the unnamed namespace, which keeps the symbol from being a weak one.
template <class B, std::size_t Size>
[[gnu::noinline]] void wipe_stack() noexcept {
  std::uint8_t dead[Size];
  base::wipe(dead, sizeof dead);
}

// More than the return address, the saved registers, a stack protector's canary and the padding
// that a frame has above its array, or beside it. An operation's frame begins so much further down
// than the wiping does, and the wiping ends so much further down than the operation may.
inline constexpr std::size_t kStackGap = 128;

// Each inlined function keeps a frame of its own then.
#ifdef __OPTIMIZE__
inline constexpr std::size_t kUnoptimisedDepth = 0;
#else
inline constexpr std::size_t kUnoptimisedDepth = 52 * 1024;
#endif

// The operation f as an entry of the row. It may use `Depth` bytes of stack: tests/scrub measures
// how many it does. Without `wiped` it leaves everything, which is what those tests compare with.
template <class B, auto f, std::size_t Depth, bool wiped = true>
struct Entry;
template <class B, class R, class... Args, R (*f)(Args...) noexcept, std::size_t Depth, bool wiped>
struct Entry<B, f, Depth, wiped> {
  static R call(Args... args) noexcept {
    [[maybe_unused]] const WipeOnExit wipe;
    return run(args...);
  }

 private:
  struct WipeOnExit {
    [[gnu::always_inline]] ~WipeOnExit() {
      if constexpr (wiped) {
        wipe_stack<B, Depth + kUnoptimisedDepth + 2 * kStackGap>();
        base::clear_registers();
      }
    }
  };

  // Calls f, which is not inlined: nothing but the gap lies in the frame that it is called from.
  [[gnu::noinline]] static R run(Args... args) noexcept {
    std::uint8_t gap[kStackGap];
    auto* operation = f;
    asm volatile("" : "+r"(operation) : "r"(gap) : "memory");
    return operation(args...);
  }
};

}  // namespace latchkey::core
