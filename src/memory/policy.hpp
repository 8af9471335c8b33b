// The memory policy in force.
#pragma once

#include "latchkey/export.h"
#include "latchkey/secret_memory.hpp"

namespace latchkey::memory {

// Whether the policy in force contains this one.
[[nodiscard]] LATCHKEY_FOR_SEAL bool policy_has(Policy flag) noexcept;

}  // namespace latchkey::memory
