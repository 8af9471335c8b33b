// Key files in PEM or DER for X-Wing and each parameter set of ML-KEM. Private keys can be
// encrypted with a password. OpenSSL 3.5 and later read and write the same files for ML-KEM. In the
// library latchkey-seal.
//
//   auto file = latchkey::write_private_key(*key, latchkey::KeyEncoding::pem);
//   file->read([&](std::span<const std::uint8_t> bytes) { save(bytes); });    // in locked memory
//   auto read = latchkey::read_private_key(loaded);                           // any kind of key
//   if (auto* mlkem = std::get_if<latchkey::DecapsulationKey>(&*read)) use(*mlkem);
//
// Public keys are SubjectPublicKeyInfo (RFC 5280), private ones OneAsymmetricKey (PKCS #8, RFC
// 5958), for ML-KEM as RFC 9935 has them, for X-Wing as draft-connolly-cfrg-xwing-kem has them;
// PEM is that of RFC 7468. A private key is written as its seed, in version 1, without attributes.
// The library reads all three forms of RFC 9935 (the seed, the expanded key, and both, which have
// to agree), a seed without its tag, keys with attributes, and version 2 with a publicKey, which
// has to belong to the private key. X-Wing's draft forbids a publicKey. docs/formats.md has a
// table.
//
// A PEM file must have exactly one object of the wanted kind: a public key, or a private key,
// encrypted or not. Text and objects of other kinds around it are ignored. Inside the object, only
// DER is accepted, complete and with no bytes after it; the lines of PEM may have any length.
//
// Thread-safe. libcrypto does the hashing and the encryption with a password: while a call runs, it
// has parts of the key on the heap, and wipes them.
#pragma once

#include <variant>

#include "latchkey/bytes.hpp"
#include "latchkey/export.h"
#include "latchkey/kem.hpp"

LATCHKEY_API_BEGIN

namespace latchkey {

// How a file is written. Both are read everywhere.
enum class KeyEncoding : std::uint8_t {
  pem,  // text
  der,  // bytes
};

// A key of any kind, as a file may have it.
using AnyEncapsulationKey = std::variant<mlkem512::EncapsulationKey, mlkem768::EncapsulationKey,
                                         mlkem1024::EncapsulationKey, xwing::EncapsulationKey>;
using AnyDecapsulationKey = std::variant<mlkem512::DecapsulationKey, mlkem768::DecapsulationKey,
                                         mlkem1024::DecapsulationKey, xwing::DecapsulationKey>;

// What a file is meant to be.
enum class KeyFileKind : std::uint8_t {
  none,                   // no key
  public_key,             // read_public_key()
  private_key,            // read_private_key()
  encrypted_private_key,  // read_private_key(), with a password
};

// The largest file that is read, in bytes.
inline constexpr std::size_t kMaxKeyFileSize = 65'536;

// The kind of a file, by the BEGIN lines of PEM or the first bytes of DER only: the rest may still
// be wrong. A PEM file with both private and public keys counts as a private key.
[[nodiscard]] KeyFileKind kind_of_key_file(std::span<const std::uint8_t> file) noexcept;

// ---- Public keys

// A file with a public key.
class PublicKeyFile {
 public:
  static constexpr std::size_t kMaxSize = 2'400;  // bytes

  // The file, kMaxSize bytes at most, which live as long as this object.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND {
    return std::span(bytes_).first(size_);
  }
  std::span<const std::uint8_t> bytes() const&& = delete;

 private:
  friend struct KeyFileAccess;

  std::array<std::uint8_t, kMaxSize> bytes_{};
  std::size_t size_ = 0;
};

// The file of that key. Errors: moved_from.
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<PublicKeyFile> write_public_key(
    const MlKemEncapsulationKey<set>& key, KeyEncoding encoding) noexcept;
[[nodiscard]] Result<PublicKeyFile> write_public_key(const xwing::EncapsulationKey& key,
                                                     KeyEncoding encoding) noexcept;

// The key in a file, PEM or DER. Errors: not_a_key, if it is no public key; several_keys, if it has
// two; other_algorithm, if it is not for ML-KEM or X-Wing; not_canonical, if its encoding is not
// DER; encapsulation_key_length, if the key does not have the size for the algorithm that the file
// names; too_long, if the file has more than kMaxKeyFileSize bytes; and those of parse().
[[nodiscard]] Result<AnyEncapsulationKey> read_public_key(
    std::span<const std::uint8_t> file) noexcept;

// ---- Private keys

// How a password becomes a key (RFC 8018, PBES2, with AES-256-CBC).
enum class PasswordHash : std::uint8_t {
  scrypt,         // N = 2^14, r = 8, p = 1: 16 MiB, the most that OpenSSL reads by default is 32
  pbkdf2_sha256,  // 600,000 rounds, for readers without scrypt
};

// How a private key is encrypted.
struct PasswordProtection {
  std::span<const std::uint8_t> password;    // at least one byte
  PasswordHash hash = PasswordHash::scrypt;  // how the password becomes a key
};

// The file of that key, with its seed, in locked memory. Errors: no_seed, for an ML-KEM key that
// was imported in expanded form; moved_from.
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<LockedBuffer> write_private_key(
    const MlKemDecapsulationKey<set>& key, KeyEncoding encoding) noexcept;
[[nodiscard]] Result<LockedBuffer> write_private_key(const xwing::DecapsulationKey& key,
                                                     KeyEncoding encoding) noexcept;

// The same under a password. Takes a tenth of a second, on purpose. Errors: password_needed, if the
// password is empty; too_long, if it has more than 65,536 bytes; no_seed, moved_from, no_entropy,
// crypto_failed.
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<LockedBuffer> write_private_key(
    const MlKemDecapsulationKey<set>& key, KeyEncoding encoding,
    PasswordProtection protection) noexcept;
[[nodiscard]] Result<LockedBuffer> write_private_key(const xwing::DecapsulationKey& key,
                                                     KeyEncoding encoding,
                                                     PasswordProtection protection) noexcept;

// The key in a file, PEM or DER, encrypted or not; a password that is not needed is ignored.
// An expanded key has to pass the hash check, the modulus checks and a pairwise test. No file takes
// more than 5 s or 300 MiB.
//
// Password encryption (PBES2) is not authenticated: a tampered file can decrypt to a different key
// without an error.
//
// Errors: not_a_key, other_algorithm, not_canonical, too_long, as above; several_keys, if the file
// has two private keys; password_needed, if the key is encrypted and no password is given;
// wrong_password, if the password is wrong, or a change of the file was noticed; unknown_version,
// for an encryption other than PBES2 with scrypt or PBKDF2 and AES in CBC mode; too_costly, if
// hashing the password would take more; too_long, if the password has more than 65,536 bytes;
// seed_mismatch, if seed and expanded key are not of one key; public_key_mismatch, if the publicKey
// does not belong to the private key; public_key_forbidden, if the file of an X-Wing key has a
// publicKey; seed_length and decapsulation_key_length, if the key does not have the size for the
// algorithm that the file names; those of import_expanded(), no_memory, crypto_failed.
[[nodiscard]] Result<AnyDecapsulationKey> read_private_key(
    std::span<const std::uint8_t> file, std::span<const std::uint8_t> password = {}) noexcept;

// Returns the file with its private key encrypted with a new password, in locked memory. The key
// may be encrypted already or not. Everything else in the file stays: the form of the key, its
// attributes, and in PEM the ends of its lines, other objects and text. Errors: those of
// read_private_key(), and of write_private_key() with a password; too_long, if the result would
// have more than kMaxKeyFileSize bytes.
[[nodiscard]] Result<LockedBuffer> set_password(std::span<const std::uint8_t> file,
                                                std::span<const std::uint8_t> password,
                                                PasswordProtection protection) noexcept;

// Returns the file with its private key not encrypted, in locked memory. Errors: those of
// read_private_key(); too_long, as for set_password().
[[nodiscard]] Result<LockedBuffer> remove_password(std::span<const std::uint8_t> file,
                                                   std::span<const std::uint8_t> password) noexcept;

}  // namespace latchkey

LATCHKEY_API_END
