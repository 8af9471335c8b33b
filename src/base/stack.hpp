// Wipes the stack below a function: secrets that its callees left there, and registers that a
// signal saved there meanwhile.
//
// A signal makes the kernel save all registers on the stack, below the deepest frame. So registers
// are cleared before the stack is wiped, or a signal in between would save their secrets once more;
// and the wiping reaches deeper than the operation, by one signal's frame. A handler on a stack of
// its own (sigaltstack) has its frame there, where nothing is wiped.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/wipe.hpp"

#ifdef __has_feature
#if __has_feature(safe_stack)
#error "-fsanitize=safe-stack moves arrays to a stack that Latchkey cannot wipe: build without it"
#endif
#endif

namespace latchkey::base {

// Wipes `depth` bytes of the stack below its caller and one signal's frame below them, but for the
// few bytes of its own frame. Registers hold nothing of the operation before and after.
void wipe_stack_and_registers(std::size_t depth) noexcept;

// How far below an operation's deepest frame a signal's frame may reach: bytes. Asks the system
// once.
std::size_t signal_depth() noexcept;

// More than the return address, the saved registers, a stack protector's canary and the padding
// that a frame has above its array, or beside it. What is to be wiped begins so much further down
// than the wiping does, and the wiping ends so much further down than it may.
inline constexpr std::size_t kStackGap = 128;

// Added to each depth. Without optimisation, functions that would be inlined have their own frames.
// The same is true with gcc -Og, which defines __OPTIMIZE__; meson.build detects it.
#if defined(__OPTIMIZE__) && !defined(LATCHKEY_UNOPTIMISED)
inline constexpr std::size_t kUnoptimisedDepth = 0;
#else
inline constexpr std::size_t kUnoptimisedDepth = 96 * 1024;
#endif

// A function may push any of these registers to align its stack, which clang does with rax. So they
// are cleared before the call of the function that wipes: its own frame is not wiped.
[[gnu::always_inline]] inline void clear_scratch_registers() noexcept {
#ifdef __x86_64__
  asm volatile(
      "xorl %%eax, %%eax\n\txorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\txorl %%esi, %%esi\n\t"
      "xorl %%edi, %%edi\n\txorl %%r8d, %%r8d\n\txorl %%r9d, %%r9d\n\txorl %%r10d, %%r10d\n\t"
      "xorl %%r11d, %%r11d"
      :
      :
      : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc");
#endif
}

// Leaves neither a register nor `Depth` bytes of the stack as they were.
template <std::size_t Depth>
class WipeStackOnExit {
 public:
  [[gnu::always_inline]] WipeStackOnExit() noexcept = default;
  [[gnu::always_inline]] ~WipeStackOnExit() {
    clear_scratch_registers();
    wipe_stack_and_registers(Depth + kUnoptimisedDepth + 2 * kStackGap);
  }
  WipeStackOnExit(const WipeStackOnExit&) = delete;
  WipeStackOnExit& operator=(const WipeStackOnExit&) = delete;
};

// Neither is inlined into the other: what f leaves lies below the gap.
template <class F>
[[gnu::noinline]] auto run_below(F& f) noexcept {
  return f();
}
template <class F>
[[gnu::noinline]] auto run_apart(F& f) noexcept {
  std::uint8_t gap[kStackGap];
  asm volatile("" : : "r"(gap) : "memory");
  auto result = run_below(f);
  asm volatile("" : : "r"(gap) : "memory");  // no tail call, which would give the gap up
  return result;
}

// Calls f, and wipes the stack that f used and all registers but those of f's result, which must
// not be secret. `Depth` is the number of bytes to wipe, and must be more than f uses.
template <std::size_t Depth, class F>
auto run_and_wipe(F f) noexcept {
  const WipeStackOnExit<Depth> wipe;
  return run_apart(f);
}

// For f that copies or compares secrets and calls libc alone.
inline constexpr std::size_t kCopyDepth = 1024;

// Copies a secret: its bytes pass through registers.
void copy_secret(void* to, const void* from, std::size_t size) noexcept;

// Zeros if the two are equal, else ones. Reads every byte of both.
std::uint64_t secrets_differ(const std::uint8_t* a, const std::uint8_t* b,
                             std::size_t size) noexcept;

}  // namespace latchkey::base
