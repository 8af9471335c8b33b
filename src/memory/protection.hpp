// Memory protection keys (pkeys(7)): who may touch the pages of secrets is a register of each
// thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace latchkey::memory {

// Gets a key from the system, if there is none yet. False where there is none to get.
[[nodiscard]] bool acquire_protection_key() noexcept;

// Puts pages that can be written, or only read, under the key, if there is one; mprotect(2) leaves
// them there. False if the system refuses.
[[nodiscard]] bool protect(void* pages, std::size_t size, bool writable) noexcept;

// Gives the key back, if there is one. No page may be under it.
void forget_protection_key() noexcept;

}  // namespace latchkey::memory
