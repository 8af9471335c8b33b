// X25519 (RFC 7748) with its check for zeros.
#pragma once

#include "latchkey/export.h"
#include "latchkey/result.hpp"
#include "x25519/table.hpp"

namespace latchkey::hybrid {

using x25519::kSize;

// The public key of a secret. It is sent in the clear: it is not secret.
LATCHKEY_FOR_SEAL void public_key(base::Out<kSize> pub, base::In<kSize> secret) noexcept;

// Refuses a shared secret of zeros, which a peer's public key of low order makes (section 6.1):
// then it stays zeros. Errors: low_order.
[[nodiscard]] Result<void> check_shared(base::Out<kSize> shared) noexcept;

// The shared secret of section 6.1; zeros on error. Errors: low_order.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<void> agree(base::Out<kSize> shared, base::In<kSize> secret,
                                                   base::In<kSize> peer) noexcept;

}  // namespace latchkey::hybrid
