// The C interface (latchkey.h) of secrets.
#include "c_api/core/secret.hpp"

#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"

using latchkey::LockedBuffer;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;

int latchkey_secret_from_bytes(const uint8_t* bytes, size_t size, latchkey_secret** secret) {
  return c::give(secret, c::with_bytes(bytes, size, LockedBuffer::copy_of));
}

int latchkey_secret_random(size_t size, latchkey_secret** secret) {
  return c::give(secret, LockedBuffer::random(size));
}

size_t latchkey_secret_size(const latchkey_secret* secret) {
  if (secret == nullptr) return 0;
  secret->check();
  return secret->content.size();
}

int latchkey_secret_is_locked(const latchkey_secret* secret) {
  if (secret == nullptr) return 0;
  secret->check();
  return secret->content.is_locked() ? 1 : 0;
}

int latchkey_secret_read(const latchkey_secret* secret,
                         void (*use)(void* context, const uint8_t* bytes, size_t size),
                         void* context) {
  if (use == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  return c::status_of(c::with(secret, [&](const auto& handle) noexcept {
    return handle.content.read([&](View bytes) { use(context, bytes.data(), bytes.size()); });
  }));
}

int latchkey_secret_copy(const latchkey_secret* secret, uint8_t* to, size_t size) {
  return c::fill_from(secret, to, size, [](const auto& handle) noexcept {
    return c::Output{handle.content.size(), [&](std::span<std::uint8_t> all) noexcept {
                       return handle.content.read([&](View bytes) noexcept {
                         latchkey::base::copy_secret(all.data(), bytes.data(), bytes.size());
                       });
                     }};
  });
}

int latchkey_secret_equal(const latchkey_secret* a, const latchkey_secret* b, int* equal) {
  if (equal == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *equal = 0;
  if (a == nullptr || b == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  if (latchkey_secret_size(a) != latchkey_secret_size(b)) return LATCHKEY_OK;
  std::uint64_t differs = 1;
  auto done = a->content.read([&](View left) noexcept {
    const auto read = b->content.read([&](View right) noexcept {
      differs = latchkey::base::secrets_differ(left.data(), right.data(), left.size());
    });
    if (!read) differs = 1;
  });
  if (done) done = b->content.read([](View) noexcept {});
  latchkey::base::declassify(&differs, sizeof differs);  // the caller is told
  *equal = done && differs == 0 ? 1 : 0;
  return c::status_of(done);
}

namespace {

Result<LockedBuffer> pack_secret(const latchkey_secret& secret) noexcept {
  auto parcel = LockedBuffer::inheritable(secret.content.size());
  if (!parcel) return parcel;
  const auto copied = parcel->write([&](std::span<std::uint8_t> to) noexcept {
    return secret.content.read([&](View bytes) noexcept { std::ranges::copy(bytes, to.begin()); });
  });
  latchkey::base::clear_registers();
  if (!copied) return copied.error();
  return parcel;
}

// A secret of a KEM stays one: session keys are made of it.
struct Restore {
  bool is_shared;

  Result<c::Secret> operator()(View bytes) const noexcept {
    if (!is_shared) {
      auto copy = LATCHKEY_TRY(LockedBuffer::copy_of(bytes));
      return c::Secret(std::move(copy));
    }
    auto secret = latchkey::make_secret(
        [&](std::span<std::uint8_t> to) noexcept { std::ranges::copy(bytes, to.begin()); });
    latchkey::base::clear_registers();
    if (!secret) return secret.error();
    return c::Secret(std::move(*secret));
  }
};

Restore restore_like(const latchkey_secret* secret) noexcept {
  return {secret != nullptr && secret->content.shared() != nullptr};
}

}  // namespace

int latchkey_secret_inheritable(const latchkey_secret* secret, latchkey_secret** inheritable) {
  return c::make_inheritable(secret, inheritable, pack_secret, restore_like(secret));
}

int latchkey_secret_adopt(const latchkey_secret* inherited, latchkey_secret** own) {
  return c::adopt(inherited, own, restore_like(inherited));
}

void latchkey_secret_free(latchkey_secret* secret) { c::release(secret); }
