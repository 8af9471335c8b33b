// The C interface (latchkey_seal.h) of key files.
#include "latchkey/key_file.hpp"

#include "base/try.hpp"
#include "c_api/seal/handles.hpp"
#include "latchkey/fingerprint.hpp"

using latchkey::Error;
using latchkey::KeyEncoding;
using latchkey::Result;
namespace c = latchkey::c;
namespace xwing = latchkey::xwing;

namespace {

// A key of the kind that is wanted, of either kind.
template <class Key, class Any>
Result<Key> wanted(Result<Any> read) noexcept {
  if (!read) return read.error();
  auto* const key = std::get_if<Key>(&*read);
  if (key == nullptr) return Error::not_a_key;
  return std::move(*key);
}

template <std::size_t Size, class Handle>
int write_public(std::uint8_t* pem, const Handle* handle) noexcept {
  static_assert(Size <= latchkey::PublicKeyFile::kMaxSize);
  return c::export_to<Size>(pem, handle, [](const auto& key, auto to) noexcept -> Result<void> {
    const auto file = LATCHKEY_TRY(latchkey::write_public_key(key, KeyEncoding::pem));
    std::memcpy(to.data(), file.bytes().data(), Size);
    return {};
  });
}

template <class Handle>
int write_fingerprint(char* text, const Handle* handle) noexcept {
  constexpr std::size_t kSize = latchkey::Fingerprint::kTextSize;
  static_assert(LATCHKEY_FINGERPRINT_SIZE == kSize + 1);
  if (text == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  std::memset(text, 0, LATCHKEY_FINGERPRINT_SIZE);
  return c::status_of(c::with(handle, [&](const auto& key) noexcept -> Result<void> {
    const auto made = LATCHKEY_TRY(latchkey::fingerprint(key));
    std::memcpy(text, made.text().data(), kSize);
    return {};
  }));
}

template <class Handle>
int write_private(const Handle* handle, latchkey_secret** pem) noexcept {
  return c::give(pem, c::with(handle, [](const auto& key) noexcept {
                   return latchkey::write_private_key(key, KeyEncoding::pem);
                 }));
}

template <class Handle>
int write_protected(const Handle* handle, latchkey::View password, latchkey_secret** pem) noexcept {
  if (c::is_missing(password)) return c::give(pem, Error::null_argument);
  return c::give(pem, c::with(handle, [&](const auto& key) noexcept {
                   return latchkey::write_private_key(key, KeyEncoding::pem,
                                                      {.password = password});
                 }));
}

Result<latchkey::AnyEncapsulationKey> public_key_of(latchkey::View file) noexcept {
  if (c::is_missing(file)) return Error::null_argument;
  return latchkey::read_public_key(file);
}

Result<latchkey::AnyDecapsulationKey> private_key_of(latchkey::View file,
                                                     latchkey::View password) noexcept {
  if (c::is_missing(file) || c::is_missing(password)) return Error::null_argument;
  return latchkey::read_private_key(file, password);
}

}  // namespace

size_t latchkey_mlkem768_public_pem_size(void) { return LATCHKEY_MLKEM768_PUBLIC_PEM_SIZE; }
size_t latchkey_xwing_public_pem_size(void) { return LATCHKEY_XWING_PUBLIC_PEM_SIZE; }

// ---- Public keys

int latchkey_mlkem768_public_write(const latchkey_mlkem768_public* key,
                                   uint8_t pem[LATCHKEY_MLKEM768_PUBLIC_PEM_SIZE]) {
  return write_public<LATCHKEY_MLKEM768_PUBLIC_PEM_SIZE>(pem, key);
}

int latchkey_xwing_public_write(const latchkey_xwing_public* key,
                                uint8_t pem[LATCHKEY_XWING_PUBLIC_PEM_SIZE]) {
  return write_public<LATCHKEY_XWING_PUBLIC_PEM_SIZE>(pem, key);
}

size_t latchkey_fingerprint_size(void) { return LATCHKEY_FINGERPRINT_SIZE; }

int latchkey_mlkem768_public_fingerprint(const latchkey_mlkem768_public* key,
                                         char text[LATCHKEY_FINGERPRINT_SIZE]) {
  return write_fingerprint(text, key);
}

int latchkey_xwing_public_fingerprint(const latchkey_xwing_public* key,
                                      char text[LATCHKEY_FINGERPRINT_SIZE]) {
  return write_fingerprint(text, key);
}

int latchkey_mlkem768_public_read(const uint8_t* file, size_t size,
                                  latchkey_mlkem768_public** key) {
  return c::give(key, wanted<latchkey::EncapsulationKey>(public_key_of({file, size})));
}

int latchkey_xwing_public_read(const uint8_t* file, size_t size, latchkey_xwing_public** key) {
  return c::give(key, wanted<xwing::EncapsulationKey>(public_key_of({file, size})));
}

// ---- Private keys

int latchkey_mlkem768_key_write(const latchkey_mlkem768_key* key, latchkey_secret** pem) {
  return write_private(key, pem);
}

int latchkey_xwing_key_write(const latchkey_xwing_key* key, latchkey_secret** pem) {
  return write_private(key, pem);
}

int latchkey_mlkem768_key_write_protected(const latchkey_mlkem768_key* key, const uint8_t* password,
                                          size_t password_size, latchkey_secret** pem) {
  return write_protected(key, {password, password_size}, pem);
}

int latchkey_xwing_key_write_protected(const latchkey_xwing_key* key, const uint8_t* password,
                                       size_t password_size, latchkey_secret** pem) {
  return write_protected(key, {password, password_size}, pem);
}

int latchkey_mlkem768_key_read(const uint8_t* file, size_t size, const uint8_t* password,
                               size_t password_size, latchkey_mlkem768_key** key) {
  return c::give(key, wanted<latchkey::DecapsulationKey>(
                          private_key_of({file, size}, {password, password_size})));
}

int latchkey_xwing_key_read(const uint8_t* file, size_t size, const uint8_t* password,
                            size_t password_size, latchkey_xwing_key** key) {
  return c::give(key, wanted<xwing::DecapsulationKey>(
                          private_key_of({file, size}, {password, password_size})));
}
