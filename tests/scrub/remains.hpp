// What an operation leaves on a stack of its own and in registers.
#pragma once

#include <algorithm>

#include "scrub/finder.hpp"
#include "scrub/private_stack.hpp"

namespace latchkey::test {

// What was found where, in several runs, and how deep the operation went.
struct Remains {
  Found on_stack, in_registers;
  std::size_t used = 0;   // bytes of stack, at the most
  std::size_t dirty = 0;  // bytes of stack that are neither paint nor zero, at the most
};

inline void add(Found& sum, const Found& found) {
  for (const auto& [name, count] : found) sum[name] += count;
}

template <class F>
Remains remains_of(const Finder& finder, F run) {
  static PrivateStack stack;
  Remains remains;
  // Some frames are aligned to 64 bytes, so it matters where the first begins.
  for (const std::size_t offset : {0, 16, 32, 48}) {
    stack.run(run, offset);
    add(remains.on_stack, finder.find(stack.bytes()));
    add(remains.in_registers, finder.find(stack.register_bytes()));
    remains.used = std::max(remains.used, stack.used());
    remains.dirty = std::max(remains.dirty, stack.dirty());
  }
  return remains;
}

// The frames of the test, and the return addresses below them.
#if defined(__OPTIMIZE__) && !defined(LATCHKEY_UNOPTIMISED)
inline constexpr std::size_t kDirtyFrames = 192;
#else
inline constexpr std::size_t kDirtyFrames = 640;
#endif

// Between what an operation uses and what is wiped.
inline constexpr std::size_t kMargin = 512;

}  // namespace latchkey::test
