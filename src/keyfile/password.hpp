// Private keys under a password: EncryptedPrivateKeyInfo (RFC 5958, section 3) with PBES2 (RFC
// 8018, RFC 7914), made by libcrypto.
#pragma once

#include "latchkey/key_file.hpp"

namespace latchkey::keyfile {

// The DER of the encrypted key, for the DER of one that is not. Errors: password_needed,
// no_entropy, no_memory, crypto_failed.
[[nodiscard]] Result<LockedBuffer> encrypt_key(std::span<const std::uint8_t> key,
                                               PasswordProtection protection) noexcept;

// The reverse. What comes out need not be a key: nothing tells a wrong password for certain.
// Errors: not_a_key, not_canonical, unknown_version, too_costly, password_needed, wrong_password,
// no_memory, crypto_failed.
[[nodiscard]] Result<LockedBuffer> decrypt_key(std::span<const std::uint8_t> der,
                                               std::span<const std::uint8_t> password) noexcept;

}  // namespace latchkey::keyfile
