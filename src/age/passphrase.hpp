// The file key under a passphrase: scrypt, and ChaCha20-Poly1305 with a nonce of zeros
// (https://c2sp.org/age, "The scrypt recipient type").
#pragma once

#include "age/header.hpp"

namespace latchkey::age::internal {

// `stanza` is of kind scrypt. Errors: work_factor, for one above
// latchkey::age::kMaxWorkFactor; password_needed, if the passphrase is empty; too_long, if it has
// more than 65,536 bytes; wrong_password; no_memory, crypto_failed.
[[nodiscard]] Result<LockedBuffer> unwrap_by_passphrase(const Stanza& stanza,
                                                        View passphrase) noexcept;

}  // namespace latchkey::age::internal
