// The C interface (latchkey_seal.h) of X-Wing, session keys and sealed messages.
#include "c_api/seal/handles.hpp"
#include "latchkey/bind.hpp"
#include "latchkey/seal.hpp"

namespace c = latchkey::c;
namespace xwing = latchkey::xwing;
using latchkey::SessionKeys;

static_assert(LATCHKEY_XWING_PUBLIC_SIZE == xwing::kEncapsulationKeySize);
static_assert(LATCHKEY_XWING_SEED_SIZE == xwing::kSeedSize);
static_assert(LATCHKEY_XWING_CIPHERTEXT_SIZE == xwing::kCiphertextSize);
static_assert(LATCHKEY_SEAL_OVERHEAD == latchkey::kSealingOverhead<latchkey::XWing>);

// ---- X-Wing

size_t latchkey_xwing_public_size(void) { return LATCHKEY_XWING_PUBLIC_SIZE; }
size_t latchkey_xwing_seed_size(void) { return LATCHKEY_XWING_SEED_SIZE; }
size_t latchkey_xwing_ciphertext_size(void) { return LATCHKEY_XWING_CIPHERTEXT_SIZE; }

int latchkey_xwing_key_generate(latchkey_xwing_key** key) {
  return c::give(key, xwing::DecapsulationKey::generate());
}

int latchkey_xwing_key_from_seed(const uint8_t* seed, size_t size, latchkey_xwing_key** key) {
  return c::give(key, c::with_bytes(seed, size, [](latchkey::View bytes) noexcept {
                   return xwing::DecapsulationKey::from_seed(bytes);
                 }));
}

int latchkey_xwing_key_export_seed(const latchkey_xwing_key* key,
                                   uint8_t seed[LATCHKEY_XWING_SEED_SIZE]) {
  return c::export_to<LATCHKEY_XWING_SEED_SIZE>(
      seed, key, [](const auto& from, auto to) noexcept { return from.export_seed(to); });
}

int latchkey_xwing_key_public(const latchkey_xwing_key* key,
                              uint8_t bytes[LATCHKEY_XWING_PUBLIC_SIZE]) {
  return c::key_public(key, {bytes, LATCHKEY_XWING_PUBLIC_SIZE});
}

int latchkey_xwing_decapsulate(const latchkey_xwing_key* key, const uint8_t* ciphertext,
                               size_t size, latchkey_secret** secret) {
  return c::decapsulate(key, ciphertext, size, secret);
}

namespace {

latchkey::Result<xwing::DecapsulationKey> restore_key(latchkey::View seed) noexcept {
  return xwing::DecapsulationKey::from_seed(seed);
}

}  // namespace

int latchkey_xwing_key_inheritable(const latchkey_xwing_key* key,
                                   latchkey_xwing_key** inheritable) {
  const auto pack = [](const latchkey_xwing_key& handle) noexcept {
    return c::packed<LATCHKEY_XWING_SEED_SIZE>(
        [&](auto to) noexcept { return handle.key.export_seed(to); });
  };
  return c::make_inheritable(key, inheritable, pack, restore_key);
}

int latchkey_xwing_key_adopt(const latchkey_xwing_key* inherited, latchkey_xwing_key** own) {
  return c::adopt(inherited, own, restore_key);
}

void latchkey_xwing_key_free(latchkey_xwing_key* key) { c::release(key); }

int latchkey_xwing_public_parse(const uint8_t* bytes, size_t size, latchkey_xwing_public** key) {
  return c::give(key, c::with_bytes(bytes, size, xwing::EncapsulationKey::parse));
}

int latchkey_xwing_encapsulate(const latchkey_xwing_public* key,
                               uint8_t ciphertext[LATCHKEY_XWING_CIPHERTEXT_SIZE],
                               latchkey_secret** secret) {
  return c::encapsulate(key, {ciphertext, LATCHKEY_XWING_CIPHERTEXT_SIZE}, secret);
}

void latchkey_xwing_public_free(latchkey_xwing_public* key) { c::release(key); }

// ---- Session keys

namespace {

template <class Public>
int session(const latchkey_secret* secret, const Public* key, latchkey::View ciphertext,
            latchkey::View context, const char* label, size_t size,
            latchkey_secret** derived) noexcept {
  if (derived == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *derived = nullptr;
  if (secret == nullptr || label == nullptr || c::is_missing(ciphertext) ||
      c::is_missing(context)) {
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  if (!secret->is_shared) return LATCHKEY_E_UNKNOWN_VALUE;
  const auto keys = c::with(key, [&](const auto& ek) noexcept {
    return SessionKeys::bind(secret->shared, ek, ciphertext, context);
  });
  if (!keys) return c::status_of(keys.error());
  return c::give(derived, keys->derive(label, size));
}

}  // namespace

int latchkey_session_xwing(const latchkey_secret* secret, const latchkey_xwing_public* key,
                           const uint8_t* ciphertext, size_t ciphertext_size,
                           const uint8_t* context, size_t context_size, const char* label,
                           size_t size, latchkey_secret** derived) {
  return session(secret, key, {ciphertext, ciphertext_size}, {context, context_size}, label, size,
                 derived);
}

int latchkey_session_mlkem768(const latchkey_secret* secret, const latchkey_mlkem768_public* key,
                              const uint8_t* ciphertext, size_t ciphertext_size,
                              const uint8_t* context, size_t context_size, const char* label,
                              size_t size, latchkey_secret** derived) {
  return session(secret, key, {ciphertext, ciphertext_size}, {context, context_size}, label, size,
                 derived);
}

// ---- Sealed messages

size_t latchkey_seal_overhead(void) { return LATCHKEY_SEAL_OVERHEAD; }

int latchkey_seal_for(const latchkey_xwing_public* key, const uint8_t* message, size_t message_size,
                      const uint8_t* aad, size_t aad_size, const uint8_t* context,
                      size_t context_size, uint8_t* sealed, size_t sealed_size) {
  if (key == nullptr || c::is_missing(message, message_size) || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size) || c::is_missing(sealed, sealed_size)) {
    c::clear(sealed, sealed_size);
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  // `sealed` may lie over the message, so it is zeroed where that is not needed any more.
  if (sealed_size < LATCHKEY_SEAL_OVERHEAD ||
      sealed_size - LATCHKEY_SEAL_OVERHEAD != message_size) {
    c::clear(sealed, sealed_size);
    return LATCHKEY_E_WRONG_SIZE;
  }
  const auto made = c::with(key, [&](const auto& recipient) noexcept {
    return latchkey::seal_for(recipient, {message, message_size}, {aad, aad_size},
                              {context, context_size});
  });
  if (!made) {
    c::clear(sealed, sealed_size);
    return c::status_of(made.error());
  }
  std::memcpy(sealed, made->bytes().data(), sealed_size);
  return LATCHKEY_OK;
}

int latchkey_open_sealed(const latchkey_xwing_key* key, const uint8_t* sealed, size_t sealed_size,
                         const uint8_t* aad, size_t aad_size, const uint8_t* context,
                         size_t context_size, latchkey_secret** message) {
  if (c::is_missing(sealed, sealed_size) || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    return c::give(message, latchkey::Error::null_argument);
  }
  return c::give(message, c::with(key, [&](const auto& mine) noexcept {
                   return latchkey::open_sealed(mine, {sealed, sealed_size}, {aad, aad_size},
                                                {context, context_size});
                 }));
}
