// Calls of libcrypto that leave nothing behind: it wipes its heap, but neither its stack nor the
// registers.
#pragma once

#include "base/stack.hpp"
#include "crypto/libcrypto.hpp"

namespace latchkey::crypto {

// Returns what f returns. Nothing else of it stays on the stack or in a register. `Depth` is in
// bytes of stack.
template <std::size_t Depth = kLibcryptoDepth, class F>
auto cleanly(F f) noexcept {
  return base::run_and_wipe<Depth>(f);
}

}  // namespace latchkey::crypto
