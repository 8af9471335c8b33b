// The C interface (latchkey_seal.h) of libcrypto's part, session keys and sealed messages.
#include "latchkey/seal.hpp"

#include "c_api/seal/handles.hpp"
#include "latchkey/bind.hpp"

namespace c = latchkey::c;
namespace hpke = latchkey::hpke;
using latchkey::Error;
using latchkey::Result;
using latchkey::View;

static_assert(LATCHKEY_KDF_HKDF_SHA256 == int(hpke::Kdf::hkdf_sha256));
static_assert(LATCHKEY_KDF_HKDF_SHA384 == int(hpke::Kdf::hkdf_sha384));
static_assert(LATCHKEY_KDF_TURBOSHAKE128 == int(hpke::Kdf::turboshake128));
static_assert(LATCHKEY_KDF_TURBOSHAKE256 == int(hpke::Kdf::turboshake256));
static_assert(LATCHKEY_KDF_SHAKE128 == int(hpke::Kdf::shake128));
static_assert(LATCHKEY_KDF_SHAKE256 == int(hpke::Kdf::shake256));
static_assert(LATCHKEY_AEAD_AES_128_GCM == int(hpke::Aead::aes_128_gcm));
static_assert(LATCHKEY_AEAD_AES_256_GCM == int(hpke::Aead::aes_256_gcm));
static_assert(LATCHKEY_AEAD_CHACHA20_POLY1305 == int(hpke::Aead::chacha20_poly1305));
static_assert(LATCHKEY_AEAD_EXPORT_ONLY == int(hpke::Aead::export_only));
static_assert(LATCHKEY_BIND_HKDF_SHA256 == int(latchkey::BindingKdf::hkdf_sha256));
static_assert(LATCHKEY_BIND_SHAKE256 == int(latchkey::BindingKdf::shake256));
static_assert(LATCHKEY_SEALED_MESSAGE == int(latchkey::SealedKind::message));
static_assert(LATCHKEY_SEALED_STREAM == int(latchkey::SealedKind::stream));
static_assert(LATCHKEY_SEALED_INFO_SIZE == latchkey::kSealedInfoSize);
static_assert(LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE) ==
              latchkey::kSealingOverhead<latchkey::XWing>);

// ---- libcrypto

const char* latchkey_crypto_version(void) { return latchkey::crypto_version(); }
int latchkey_crypto_self_test(void) { return c::status_of(latchkey::crypto_self_test()); }
size_t latchkey_describe_crypto_policy(char* text, size_t size) {
  return latchkey::describe_crypto_policy({text, text == nullptr || size > PTRDIFF_MAX ? 0 : size});
}

// ---- Session keys

int latchkey_session_key(const latchkey_secret* secret, const latchkey_public_key* key,
                         const uint8_t* ciphertext, size_t ciphertext_size, const uint8_t* context,
                         size_t context_size, int hash, const char* label, size_t size,
                         latchkey_secret** derived) {
  if (label == nullptr || c::is_missing(ciphertext, ciphertext_size) ||
      c::is_missing(context, context_size)) {
    return c::give(derived, Error::null_argument);
  }
  const auto derive =
      [&](const latchkey_secret& handle) noexcept -> Result<latchkey::LockedBuffer> {
    const auto* const shared = handle.content.shared();
    if (shared == nullptr) return Error::unknown_value;
    const auto keys = c::with_sealing_key(key, [&](const auto& ek) noexcept {
      return latchkey::SessionKeys::bind(*shared, ek, {ciphertext, ciphertext_size},
                                         {context, context_size},
                                         c::number_of<latchkey::BindingKdf>(hash));
    });
    if (!keys) return keys.error();
    return keys->derive(label, size);
  };
  return c::give(derived, c::with(secret, derive));
}

// ---- Sealed messages

size_t latchkey_seal_overhead(latchkey_kem kem) {
  const auto size = c::with_sealing_kem(kem, []<class K>(K) noexcept -> Result<std::size_t> {
    return latchkey::kSealingOverhead<K>;
  });
  return size ? *size : 0;
}

int latchkey_seal_for(const latchkey_public_key* key, const latchkey_suite* suite,
                      const uint8_t* message, size_t message_size, const uint8_t* aad,
                      size_t aad_size, const uint8_t* context, size_t context_size, uint8_t* sealed,
                      size_t sealed_size) {
  const bool is_missing = key == nullptr || c::is_missing(message, message_size) ||
                          c::is_missing(aad, aad_size) || c::is_missing(context, context_size) ||
                          c::is_missing(sealed, sealed_size);
  // `sealed` may lie over the message, so it is zeroed where that is not needed any more.
  const int status = c::status_of([&]() noexcept -> Result<void> {
    if (is_missing) return Error::null_argument;
    const std::size_t overhead = latchkey_seal_overhead(latchkey_public_key_kem(key));
    if (overhead == 0) return Error::unknown_value;
    if (sealed_size < overhead || sealed_size - overhead != message_size) return Error::wrong_size;
    const auto made = LATCHKEY_TRY(c::with_sealing_key(key, [&](const auto& recipient) noexcept {
      return latchkey::seal_for(recipient, {message, message_size}, {aad, aad_size},
                                {context, context_size}, c::suite_of(suite));
    }));
    std::memcpy(sealed, made.bytes().data(), sealed_size);
    return {};
  }());
  if (status != LATCHKEY_OK) c::clear(sealed, sealed_size);
  return status;
}

int latchkey_open_sealed(const latchkey_private_key* key, const uint8_t* sealed, size_t sealed_size,
                         const uint8_t* aad, size_t aad_size, const uint8_t* context,
                         size_t context_size, latchkey_secret** message) {
  if (c::is_missing(sealed, sealed_size) || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    return c::give(message, Error::null_argument);
  }
  return c::give(message, c::with_sealing_key(key, [&](const auto& mine) noexcept {
                   return latchkey::open_sealed(mine, {sealed, sealed_size}, {aad, aad_size},
                                                {context, context_size});
                 }));
}

int latchkey_inspect_sealed(const uint8_t* first_bytes, size_t size, latchkey_sealed_info* info) {
  if (info == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *info = {};
  const auto read = c::with_bytes(first_bytes, size, latchkey::inspect_sealed);
  if (!read) return c::status_of(read.error());
  *info = {static_cast<int>(read->kind),
           read->kem,
           {static_cast<int>(read->suite.kdf), static_cast<int>(read->suite.aead)},
           read->preamble_size,
           read->size};
  return LATCHKEY_OK;
}
