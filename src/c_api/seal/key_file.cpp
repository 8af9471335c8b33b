// The C interface (latchkey_key_file.h) of key files.
#include "latchkey/key_file.hpp"

#include <algorithm>

#include "c_api/seal/handles.hpp"
#include "latchkey/fingerprint.hpp"

using latchkey::Error;
using latchkey::KeyEncoding;
using latchkey::LockedBuffer;
using latchkey::PasswordHash;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;

static_assert(LATCHKEY_PEM == int(KeyEncoding::pem) && LATCHKEY_DER == int(KeyEncoding::der));
static_assert(LATCHKEY_PASSWORD_SCRYPT == int(PasswordHash::scrypt));
static_assert(LATCHKEY_PASSWORD_PBKDF2_SHA256 == int(PasswordHash::pbkdf2_sha256));
static_assert(LATCHKEY_FILE_NONE == int(latchkey::KeyFileKind::none));
static_assert(LATCHKEY_FILE_PUBLIC_KEY == int(latchkey::KeyFileKind::public_key));
static_assert(LATCHKEY_FILE_PRIVATE_KEY == int(latchkey::KeyFileKind::private_key));
static_assert(LATCHKEY_FILE_ENCRYPTED_PRIVATE_KEY ==
              int(latchkey::KeyFileKind::encrypted_private_key));
static_assert(LATCHKEY_MAX_PUBLIC_KEY_FILE_SIZE >= latchkey::PublicKeyFile::kMaxSize);

namespace {

KeyEncoding encoding_of(int encoding) noexcept {
  return encoding == LATCHKEY_PEM ? KeyEncoding::pem : KeyEncoding::der;
}

Result<latchkey::PasswordProtection> protection_of(View password, int hash) noexcept {
  if (!c::is_choice(hash)) return Error::unknown_value;
  if (c::is_missing(password)) return Error::null_argument;
  return latchkey::PasswordProtection{.password = password,
                                      .hash = hash == LATCHKEY_PASSWORD_SCRYPT
                                                  ? PasswordHash::scrypt
                                                  : PasswordHash::pbkdf2_sha256};
}

// The file of a key that write(key) makes.
template <class Write>
int write_private(const latchkey_private_key* key, int encoding, latchkey_secret** file,
                  Write write) noexcept {
  if (!c::is_choice(encoding)) return c::give(file, Error::unknown_value);
  return c::give(file, c::with_sealing_key(key, write));
}

}  // namespace

int latchkey_kind_of_key_file(const uint8_t* file, size_t size) {
  if (c::is_missing(file, size)) return LATCHKEY_FILE_NONE;
  return static_cast<int>(latchkey::kind_of_key_file({file, size}));
}

// ---- Public keys

int latchkey_public_key_write(const latchkey_public_key* key, int encoding, uint8_t* to,
                              size_t room, size_t* size) {
  c::clear(to, room);
  if (size != nullptr) *size = 0;
  if (size == nullptr || c::is_missing(to, room)) return LATCHKEY_E_NULL_ARGUMENT;
  if (!c::is_choice(encoding)) return LATCHKEY_E_UNKNOWN_VALUE;
  if (room > PTRDIFF_MAX) return LATCHKEY_E_WRONG_SIZE;
  return c::status_of(c::with_sealing_key(key, [&](const auto& ek) noexcept -> Result<void> {
    const auto file = LATCHKEY_TRY(latchkey::write_public_key(ek, encoding_of(encoding)));
    if (file.bytes().size() > room) return Error::wrong_size;
    std::ranges::copy(file.bytes(), to);
    *size = file.bytes().size();
    return {};
  }));
}

int latchkey_public_key_read(const uint8_t* file, size_t size, latchkey_public_key** key) {
  return c::give(key, [&]() noexcept -> Result<c::PublicKey> {
    auto read = LATCHKEY_TRY(c::with_bytes(file, size, latchkey::read_public_key));
    return std::visit(
        []<class Key>(Key& any) noexcept {
          return c::public_handle<typename latchkey::KemOf<Key>::Kem>(std::move(any));
        },
        read);
  }());
}

int latchkey_public_key_fingerprint(const latchkey_public_key* key,
                                    char text[LATCHKEY_FINGERPRINT_SIZE]) {
  static_assert(LATCHKEY_FINGERPRINT_SIZE == latchkey::Fingerprint::kTextSize + 1);
  if (text == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  std::memset(text, 0, LATCHKEY_FINGERPRINT_SIZE);
  return c::status_of(c::with_sealing_key(key, [&](const auto& ek) noexcept -> Result<void> {
    const auto made = LATCHKEY_TRY(latchkey::fingerprint(ek));
    std::ranges::copy(made.text(), text);
    return {};
  }));
}

// ---- Private keys

int latchkey_private_key_write(const latchkey_private_key* key, int encoding,
                               latchkey_secret** file) {
  return write_private(key, encoding, file, [&](const auto& dk) noexcept {
    return latchkey::write_private_key(dk, encoding_of(encoding));
  });
}

int latchkey_private_key_write_protected(const latchkey_private_key* key, int encoding,
                                         const uint8_t* password, size_t password_size, int hash,
                                         latchkey_secret** file) {
  const auto protection = protection_of({password, password_size}, hash);
  if (!protection) return c::give(file, protection.error());
  return write_private(key, encoding, file, [&](const auto& dk) noexcept {
    return latchkey::write_private_key(dk, encoding_of(encoding), *protection);
  });
}

int latchkey_private_key_read(const uint8_t* file, size_t size, const uint8_t* password,
                              size_t password_size, latchkey_private_key** key) {
  if (c::is_missing(password, password_size)) return c::give(key, Error::null_argument);
  return c::give(key, [&]() noexcept -> Result<c::PrivateKey> {
    auto read = LATCHKEY_TRY(c::with_bytes(file, size, [&](View bytes) noexcept {
      return latchkey::read_private_key(bytes, {password, password_size});
    }));
    return std::visit(
        []<class Key>(Key& any) noexcept {
          return c::private_handle<typename latchkey::KemOf<Key>::Kem>(std::move(any));
        },
        read);
  }());
}

int latchkey_key_file_set_password(const uint8_t* file, size_t size, const uint8_t* password,
                                   size_t password_size, const uint8_t* new_password,
                                   size_t new_password_size, int hash, latchkey_secret** new_file) {
  const auto protection = protection_of({new_password, new_password_size}, hash);
  if (!protection) return c::give(new_file, protection.error());
  if (c::is_missing(password, password_size)) return c::give(new_file, Error::null_argument);
  return c::give(new_file, c::with_bytes(file, size, [&](View bytes) noexcept {
                   return latchkey::set_password(bytes, {password, password_size}, *protection);
                 }));
}

int latchkey_key_file_remove_password(const uint8_t* file, size_t size, const uint8_t* password,
                                      size_t password_size, latchkey_secret** new_file) {
  if (c::is_missing(password, password_size)) return c::give(new_file, Error::null_argument);
  return c::give(new_file, c::with_bytes(file, size, [&](View bytes) noexcept {
                   return latchkey::remove_password(bytes, {password, password_size});
                 }));
}
