// Randomness from the operating system.
#pragma once

#include <cstdint>
#include <span>

#include "latchkey/export.h"

namespace latchkey::memory {

// Fills `out` from getrandom(2), which is ready once the kernel's generator is seeded. On failure
// returns false, and `out` is zeroed.
[[nodiscard]] LATCHKEY_FOR_SEAL bool random_bytes(std::span<std::uint8_t> out) noexcept;

}  // namespace latchkey::memory
