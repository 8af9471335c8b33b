// PBES2 (RFC 8018, section 6.2): a password, scrypt or PBKDF2, and AES in CBC mode. Its parameters
// are read and written by libcrypto.
#pragma once

#include <openssl/x509.h>

#include "crypto/libcrypto.hpp"
#include "latchkey/key_file.hpp"

namespace latchkey::crypto {

using Algorithm = crypto::Owned<X509_ALGOR, X509_ALGOR_free>;

// DER that libcrypto allocated, of what is no secret.
struct Encoding {
  Encoding(const void* object, const ASN1_ITEM* item) noexcept
      : size(ASN1_item_i2d(static_cast<const ASN1_VALUE*>(object), &data, item)) {}
  ~Encoding() { OPENSSL_free(data); }
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;
  // Empty after an error.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
    return {data, static_cast<std::size_t>(size < 0 ? 0 : size)};
  }

  unsigned char* data = nullptr;
  int size;
};

// Whether `der` is the DER of an object that libcrypto read: it reads other encodings, too. Errors:
// not_canonical; crypto_failed.
[[nodiscard]] Result<void> check_encoding(const void* object, const ASN1_ITEM* item,
                                          std::span<const std::uint8_t> der) noexcept;

// The parameters of a new encryption, with fresh salt and IV: what they cost is in key_file.hpp.
// Errors: no_entropy, crypto_failed.
[[nodiscard]] Result<Algorithm> new_pbes2(PasswordHash hash) noexcept;

enum class Direction : int { decrypt = 0, encrypt = 1 };

// Whether the parameters are PBES2's, with algorithms that are known here, at a bearable cost
// (password_hash.hpp). Errors: unknown_version, too_costly, not_canonical, no_memory,
// crypto_failed.
[[nodiscard]] Result<void> check_pbes2(const X509_ALGOR* algorithm) noexcept;

// Encrypts or decrypts `in`, straight into locked memory. Errors: those of check_pbes2();
// wrong_password, where what comes out has no padding; no_memory, crypto_failed.
[[nodiscard]] Result<LockedBuffer> pbes2_crypt(const X509_ALGOR* algorithm,
                                               std::span<const std::uint8_t> password,
                                               std::span<const std::uint8_t> in,
                                               Direction direction) noexcept;

}  // namespace latchkey::crypto
