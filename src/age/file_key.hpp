// The file key of an age file, from its header. The header's MAC is checked before the key is
// given out, so nothing behind a header that was changed is decrypted.
#pragma once

#include "age/header.hpp"

namespace latchkey::age::internal {

// The private keys that are tried.
struct Identities {
  std::span<const xwing::DecapsulationKey* const> hybrid;
  std::span<const X25519Identity* const> x25519;
};

// By the first of the keys that unwraps it. Errors: no_recipient, passphrase_file,
// unsupported_recipient, too_costly, not_authentic, those of decapsulation and of X25519.
[[nodiscard]] Result<LockedBuffer> file_key_of(const Header& header,
                                               const Identities& identities) noexcept;

// By a passphrase. Errors: no_recipient, work_factor, password_needed, too_long,
// wrong_password, not_authentic, no_memory, crypto_failed.
[[nodiscard]] Result<LockedBuffer> file_key_of(const Header& header, View passphrase) noexcept;

}  // namespace latchkey::age::internal
