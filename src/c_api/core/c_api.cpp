// The C interface (latchkey.h) of the core: ML-KEM-768 and secrets.

#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "c_api/core/handles.hpp"

using latchkey::DecapsulationKey;
using latchkey::EncapsulationKey;
using latchkey::Error;
using latchkey::LockedBuffer;
using latchkey::Result;
namespace c = latchkey::c;

// The values are written down in the header, for C.
static_assert(LATCHKEY_POLICY_REQUIRE == int(latchkey::Policy::require));
static_assert(LATCHKEY_POLICY_BEST_EFFORT == int(latchkey::Policy::best_effort));
static_assert(LATCHKEY_POLICY_PROTECTION_KEYS == int(latchkey::Policy::protection_keys));
static_assert(LATCHKEY_POLICY_NO_MEMFD_SECRET == int(latchkey::Policy::no_memfd_secret));

static_assert(LATCHKEY_SHARED_SECRET_SIZE == latchkey::kSharedSecretSize);
static_assert(LATCHKEY_MLKEM768_PUBLIC_SIZE == latchkey::kEncapsulationKeySize);
static_assert(LATCHKEY_MLKEM768_SEED_SIZE == latchkey::kSeedSize);
static_assert(LATCHKEY_MLKEM768_EXPANDED_SIZE == latchkey::kDecapsulationKeySize);
static_assert(LATCHKEY_MLKEM768_CIPHERTEXT_SIZE == latchkey::kCiphertextSize);

int latchkey_abi_version(void) { return LATCHKEY_ABI_VERSION; }
const char* latchkey_version(void) { return LATCHKEY_VERSION; }

const char* latchkey_strerror(int status) {
  if (status == LATCHKEY_OK) return "no error";
  return latchkey::describe(
      Error{static_cast<std::uint8_t>(status < 0 || status > 255 ? 0 : status)});
}

// ---- The process

int latchkey_self_test(void) { return c::status_of(latchkey::self_test()); }
const char* latchkey_backend_name(void) { return latchkey::backend_name(); }
void latchkey_purge(void) { latchkey::purge(); }
int latchkey_harden_process(void) { return c::status_of(latchkey::harden_process()); }
int latchkey_set_memory_policy(int policy) {
  if (policy < 0 || policy > 255) return LATCHKEY_E_UNKNOWN_VALUE;
  return c::status_of(latchkey::set_memory_policy(static_cast<latchkey::Policy>(policy)));
}

// ---- Secrets

size_t latchkey_secret_size(const latchkey_secret* secret) {
  return secret != nullptr ? secret->size() : 0;
}

int latchkey_secret_read(const latchkey_secret* secret,
                         void (*use)(void* context, const uint8_t* bytes, size_t size),
                         void* context) {
  if (secret == nullptr || use == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  return c::status_of(
      secret->read([&](latchkey::View bytes) { use(context, bytes.data(), bytes.size()); }));
}

int latchkey_secret_copy(const latchkey_secret* secret, uint8_t* to, size_t size) {
  c::clear(to, size);
  if (secret == nullptr || c::is_missing(to, size)) return LATCHKEY_E_NULL_ARGUMENT;
  if (size != secret->size()) return LATCHKEY_E_WRONG_SIZE;
  const auto done = secret->read([&](latchkey::View bytes) noexcept {
    latchkey::base::copy_secret(to, bytes.data(), bytes.size());
  });
  if (!done) latchkey::base::wipe(to, size);
  return c::status_of(done);
}

int latchkey_secret_equal(const latchkey_secret* a, const latchkey_secret* b, int* equal) {
  if (equal == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *equal = 0;
  if (a == nullptr || b == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  if (a->size() != b->size()) return LATCHKEY_OK;
  std::uint64_t differs = 1;
  auto done = a->read([&](latchkey::View left) noexcept {
    const auto read = b->read([&](latchkey::View right) noexcept {
      differs = latchkey::base::secrets_differ(left.data(), right.data(), left.size());
    });
    if (!read) differs = 1;
  });
  if (done) done = b->read([](latchkey::View) noexcept {});
  latchkey::base::declassify(&differs, sizeof differs);  // the caller is told
  *equal = done && differs == 0 ? 1 : 0;
  return c::status_of(done);
}

namespace {

// A secret of a KEM stays one: session keys are made of it.
Result<LockedBuffer> pack_secret(const latchkey_secret& secret) noexcept {
  auto parcel = LockedBuffer::inheritable(secret.size());
  if (!parcel) return parcel;
  const auto copied = parcel->write([&](std::span<std::uint8_t> to) noexcept {
    return secret.read(
        [&](latchkey::View bytes) noexcept { std::ranges::copy(bytes, to.begin()); });
  });
  latchkey::base::clear_registers();
  if (!copied) return copied.error();
  return parcel;
}

struct RestoreSecret {
  bool is_shared;

  Result<latchkey_secret> operator()(latchkey::View bytes) const noexcept {
    if (!is_shared) {
      auto copy = LATCHKEY_TRY(LockedBuffer::copy_of(bytes));
      return latchkey_secret(std::move(copy));
    }
    auto secret = latchkey::make_secret(
        [&](std::span<std::uint8_t> to) noexcept { std::ranges::copy(bytes, to.begin()); });
    latchkey::base::clear_registers();
    if (!secret) return secret.error();
    return latchkey_secret(std::move(*secret));
  }
};

}  // namespace

int latchkey_secret_inheritable(const latchkey_secret* secret, latchkey_secret** inheritable) {
  const bool is_shared = secret != nullptr && secret->is_shared;
  return c::make_inheritable(secret, inheritable, pack_secret, RestoreSecret{is_shared});
}

int latchkey_secret_adopt(const latchkey_secret* inherited, latchkey_secret** own) {
  const bool is_shared = inherited != nullptr && inherited->is_shared;
  return c::adopt(inherited, own, RestoreSecret{is_shared});
}

void latchkey_secret_free(latchkey_secret* secret) { c::release(secret); }

// ---- ML-KEM-768

size_t latchkey_mlkem768_public_size(void) { return LATCHKEY_MLKEM768_PUBLIC_SIZE; }
size_t latchkey_mlkem768_seed_size(void) { return LATCHKEY_MLKEM768_SEED_SIZE; }
size_t latchkey_mlkem768_ciphertext_size(void) { return LATCHKEY_MLKEM768_CIPHERTEXT_SIZE; }

int latchkey_mlkem768_key_generate(latchkey_mlkem768_key** key) {
  return c::give(key, DecapsulationKey::generate());
}

int latchkey_mlkem768_key_from_seed(const uint8_t* seed, size_t size, latchkey_mlkem768_key** key) {
  return c::give(key, c::with_bytes(seed, size, [](latchkey::View bytes) noexcept {
                   return DecapsulationKey::from_seed(bytes);
                 }));
}

int latchkey_mlkem768_key_import_expanded(const uint8_t* expanded, size_t size,
                                          latchkey_mlkem768_key** key) {
  return c::give(key, c::with_bytes(expanded, size, [](latchkey::View bytes) noexcept {
                   return DecapsulationKey::import_expanded(bytes);
                 }));
}

int latchkey_mlkem768_key_export_seed(const latchkey_mlkem768_key* key,
                                      uint8_t seed[LATCHKEY_MLKEM768_SEED_SIZE]) {
  return c::export_to<LATCHKEY_MLKEM768_SEED_SIZE>(
      seed, key, [](const auto& from, auto to) noexcept { return from.export_seed(to); });
}

int latchkey_mlkem768_key_export_expanded(const latchkey_mlkem768_key* key,
                                          uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_SIZE]) {
  return c::export_to<LATCHKEY_MLKEM768_EXPANDED_SIZE>(
      expanded, key, [](const auto& from, auto to) noexcept { return from.export_expanded(to); });
}

int latchkey_mlkem768_key_public(const latchkey_mlkem768_key* key,
                                 uint8_t bytes[LATCHKEY_MLKEM768_PUBLIC_SIZE]) {
  return c::key_public(key, {bytes, LATCHKEY_MLKEM768_PUBLIC_SIZE});
}

int latchkey_mlkem768_decapsulate(const latchkey_mlkem768_key* key, const uint8_t* ciphertext,
                                  size_t size, latchkey_secret** secret) {
  return c::decapsulate(key, ciphertext, size, secret);
}

namespace {

Result<LockedBuffer> pack_key(const latchkey_mlkem768_key& handle) noexcept {
  auto seed = c::packed<LATCHKEY_MLKEM768_SEED_SIZE>(
      [&](auto to) noexcept { return handle.key.export_seed(to); });
  if (seed || seed.error() != Error::no_seed) return seed;
  return c::packed<LATCHKEY_MLKEM768_EXPANDED_SIZE>(
      [&](auto to) noexcept { return handle.key.export_expanded(to); });
}

// What is in a parcel was a key already.
Result<DecapsulationKey> restore_key(latchkey::View bytes) noexcept {
  if (bytes.size() == LATCHKEY_MLKEM768_SEED_SIZE) return DecapsulationKey::from_seed(bytes);
  return DecapsulationKey::import_expanded(bytes, latchkey::ExpandedKeyCheck::hash_only);
}

}  // namespace

int latchkey_mlkem768_key_inheritable(const latchkey_mlkem768_key* key,
                                      latchkey_mlkem768_key** inheritable) {
  return c::make_inheritable(key, inheritable, pack_key, restore_key);
}

int latchkey_mlkem768_key_adopt(const latchkey_mlkem768_key* inherited,
                                latchkey_mlkem768_key** own) {
  return c::adopt(inherited, own, restore_key);
}

void latchkey_mlkem768_key_free(latchkey_mlkem768_key* key) { c::release(key); }

int latchkey_mlkem768_public_parse(const uint8_t* bytes, size_t size,
                                   latchkey_mlkem768_public** key) {
  return c::give(key, c::with_bytes(bytes, size, EncapsulationKey::parse));
}

int latchkey_mlkem768_encapsulate(const latchkey_mlkem768_public* key,
                                  uint8_t ciphertext[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE],
                                  latchkey_secret** secret) {
  return c::encapsulate(key, {ciphertext, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE}, secret);
}

void latchkey_mlkem768_public_free(latchkey_mlkem768_public* key) { c::release(key); }
