// Calls of libcrypto that leave nothing behind: it wipes its heap, but neither its stack nor the
// registers.
#pragma once

#include "base/stack.hpp"
#include "seal/libcrypto.hpp"

namespace latchkey::seal {

// Neither is inlined into the other: the secrets lie below the gap (base/stack.hpp).
template <class F>
[[gnu::noinline]] auto run_below(F& f) noexcept {
  return f();
}
template <class F>
[[gnu::noinline]] auto run_apart(F& f) noexcept {
  std::uint8_t gap[base::kStackGap];
  asm volatile("" : : "r"(gap) : "memory");
  auto result = run_below(f);
  asm volatile("" : : "r"(gap) : "memory");  // no tail call, which would give the gap up
  return result;
}

// Returns what f returns. Nothing else of it stays on the stack or in a register. `Depth` is in
// bytes of stack.
template <std::size_t Depth = kLibcryptoDepth, class F>
auto cleanly(F f) noexcept {
  const base::WipeStackOnExit<struct Libcrypto, Depth> wipe;
  return run_apart(f);
}

}  // namespace latchkey::seal
