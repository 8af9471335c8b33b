// Memory protection keys (pkeys(7)): who may touch the pages of secrets is a register of each
// thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace latchkey::memory {

// Gets a key from the system, once. False where there is none to get.
bool acquire_protection_key() noexcept;

// Puts pages under the key, if there is one. False if the system refuses.
bool protect(void* pages, std::size_t size) noexcept;

}  // namespace latchkey::memory
