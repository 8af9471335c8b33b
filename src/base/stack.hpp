// Wiping the stack below a function: what others that it called left there.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/wipe.hpp"

namespace latchkey::base {

// Wipes the stack below its caller, but for the few bytes of its own frame beside the array.
// Of Where it takes only the unnamed namespace, which keeps the symbol from being a weak one.
template <class Where, std::size_t Size>
[[gnu::noinline]] void wipe_stack() noexcept {
  std::uint8_t dead[Size];
  wipe(dead, sizeof dead);
}

// More than the return address, the saved registers, a stack protector's canary and the padding
// that a frame has above its array, or beside it. What is to be wiped begins so much further down
// than the wiping does, and the wiping ends so much further down than it may.
inline constexpr std::size_t kStackGap = 128;

// Each inlined function keeps a frame of its own then.
#ifdef __OPTIMIZE__
inline constexpr std::size_t kUnoptimisedDepth = 0;
#else
inline constexpr std::size_t kUnoptimisedDepth = 52 * 1024;
#endif

// Leaves neither a register nor `Depth` bytes of the stack as they were.
template <class Where, std::size_t Depth>
class WipeStackOnExit {
 public:
  [[gnu::always_inline]] WipeStackOnExit() noexcept = default;
  [[gnu::always_inline]] ~WipeStackOnExit() {
    wipe_stack<Where, Depth + kUnoptimisedDepth + 2 * kStackGap>();
    clear_registers();
  }
  WipeStackOnExit(const WipeStackOnExit&) = delete;
  WipeStackOnExit& operator=(const WipeStackOnExit&) = delete;
};

}  // namespace latchkey::base
