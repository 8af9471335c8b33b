// Public keys of X25519 that no honest party makes: their shared secret with everybody is zero.
#pragma once

#include "base/bytes.hpp"

namespace latchkey::provider {

// Whether a u-coordinate (RFC 7748, section 5) is that of a point whose order divides 8, on the
// curve or its twist.
[[nodiscard]] bool is_low_order_vartime(base::In<32> u) noexcept;

}  // namespace latchkey::provider
