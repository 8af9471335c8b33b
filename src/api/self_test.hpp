// The part of self_test() that is about ML-KEM.
#pragma once

#include "latchkey/result.hpp"

namespace latchkey {

// Errors: self_test_failed, no_entropy, no_memory.
[[nodiscard]] Result<void> mlkem_self_test() noexcept;

}  // namespace latchkey
