// What is behind the handles of the core's C interface (latchkey.h), for both libraries.
#pragma once

#include <cstdlib>
#include <cstring>
#include <new>

#include "api/access.hpp"
#include "base/bytes.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "latchkey/latchkey.h"
#include "latchkey/mlkem768.hpp"

// A shared secret of a KEM, which session keys are made of, or other secret bytes.
struct latchkey_secret {
  explicit latchkey_secret(latchkey::SharedSecret secret) noexcept : shared(std::move(secret)) {}
  explicit latchkey_secret(latchkey::LockedBuffer secret) noexcept
      : bytes(std::move(secret)), is_shared(false) {}

  [[nodiscard]] std::size_t size() const noexcept {
    return is_shared ? latchkey::kSharedSecretSize : bytes.size();
  }

  // Calls f with the bytes. Errors: those of what is in it.
  template <class F>
  [[nodiscard]] latchkey::Result<void> read(F f) const noexcept {
    if (!is_shared) return bytes.read(f);
    const latchkey::OpenSecrets open;
    const auto all = LATCHKEY_TRY(shared.expose());
    f(std::span<const std::uint8_t>(all));
    return latchkey::SecretAccess::check_after_use(shared);
  }

  latchkey::SharedSecret shared;
  latchkey::LockedBuffer bytes;
  bool is_shared = true;
  latchkey::LockedBuffer parcel = {};  // for children, of a handle that they can inherit
};
struct latchkey_mlkem768_key {
  latchkey::DecapsulationKey key;
  latchkey::LockedBuffer parcel = {};  // likewise: the seed or, without one, the expanded key
};
struct latchkey_mlkem768_public {
  latchkey::EncapsulationKey key;
};

namespace latchkey::c {

inline int status_of(Error error) noexcept { return static_cast<int>(error); }
inline int status_of(const Result<void>& done) noexcept {
  return done ? LATCHKEY_OK : status_of(done.error());
}

// Whether there are to be bytes, and NULL stands for them.
inline bool is_missing(const void* bytes, std::size_t size) noexcept {
  return bytes == nullptr && size > 0;
}

// Zeros, where there is something that can be zeroed.
inline void clear(std::uint8_t* to, std::size_t size) noexcept {
  if (to != nullptr) base::wipe_output(to, size);
}

inline bool is_missing(View bytes) noexcept { return is_missing(bytes.data(), bytes.size()); }

// f(the bytes). Errors: those of f; null_argument, if they are missing.
template <class F>
auto with_bytes(const std::uint8_t* bytes, std::size_t size, F f) noexcept -> decltype(f(View())) {
  if (is_missing(bytes, size)) return Error::null_argument;
  return f(View(bytes, size));
}

// f(the handle's object). Errors: those of f; null_argument, if the handle is NULL.
template <class Handle, class F>
auto with(const Handle* handle, F f) noexcept -> decltype(f(handle->key)) {
  if (handle == nullptr) return Error::null_argument;
  return f(handle->key);
}

// A new handle for what was made, or NULL and why.
template <class Handle, class Made>
int give(Handle** to, Result<Made> made) noexcept {
  if (to == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *to = nullptr;
  if (!made) return status_of(made.error());
  auto* const handle = static_cast<Handle*>(std::aligned_alloc(alignof(Handle), sizeof(Handle)));
  if (handle == nullptr) return LATCHKEY_E_NO_MEMORY;
  *to = ::new (handle) Handle{std::move(*made)};
  return LATCHKEY_OK;
}

// No handle, and why.
template <class Handle>
int give(Handle** to, Error why) noexcept {
  if (to == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *to = nullptr;
  return status_of(why);
}

template <class Handle>
void release(Handle* handle) noexcept {
  if (handle == nullptr) return;
  handle->~Handle();
  std::free(handle);
}

// What is the same for each KEM.

template <class Handle>
int key_public(const Handle* handle, std::span<std::uint8_t> to) noexcept {
  if (to.data() == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  base::wipe(to.data(), to.size());
  return status_of(with(handle, [&](const auto& key) noexcept -> Result<void> {
    std::memcpy(to.data(), key.encapsulation_key().bytes().data(), to.size());
    return {};
  }));
}

// `to` is zeroed on error, as by the functions that fill it.
template <std::size_t Size, class Handle, class Write>
int export_to(std::uint8_t* to, const Handle* handle, Write write) noexcept {
  if (to == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  base::wipe(to, Size);
  return status_of(with(handle, [&](const auto& key) noexcept {
    return write(key, std::span<std::uint8_t, Size>(to, Size));
  }));
}

template <class Handle>
int decapsulate(const Handle* handle, const std::uint8_t* ciphertext, std::size_t size,
                latchkey_secret** secret) noexcept {
  return give(secret, with(handle, [&](const auto& key) noexcept {
                return with_bytes(ciphertext, size,
                                  [&](View bytes) noexcept { return key.decapsulate(bytes); });
              }));
}

template <class Handle>
int encapsulate(const Handle* handle, std::span<std::uint8_t> ciphertext,
                latchkey_secret** secret) noexcept {
  if (secret != nullptr) *secret = nullptr;
  clear(ciphertext.data(), ciphertext.size());
  if (secret == nullptr || ciphertext.data() == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  auto sent = with(handle, [](const auto& key) noexcept { return key.encapsulate(); });
  if (!sent) return status_of(sent.error());
  const int status = give(secret, Result<SharedSecret>(std::move(sent->secret)));
  if (status == LATCHKEY_OK) {
    std::memcpy(ciphertext.data(), sent->ciphertext.data(), ciphertext.size());
  }
  return status;
}

// ---- Handles that children inherit

// A second handle, and its parcel: pack(*handle) is an inheritable buffer, and restore(bytes) makes
// of its content what the handle is for.
template <class Handle, class Pack, class Restore>
int make_inheritable(const Handle* handle, Handle** to, Pack pack, Restore restore) noexcept {
  if (to == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *to = nullptr;
  if (handle == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  Result<LockedBuffer> parcel = pack(*handle);
  if (!parcel) return status_of(parcel.error());
  const int status = give(to, parcel->read(restore));
  if (status == LATCHKEY_OK) (*to)->parcel = std::move(*parcel);
  return status;
}

template <class Handle, class Restore>
int adopt(const Handle* inherited, Handle** own, Restore restore) noexcept {
  if (own == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *own = nullptr;
  if (inherited == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  if (inherited->parcel.size() == 0) return LATCHKEY_E_INHERITED;
  const auto parcel = inherited->parcel.adopt();
  if (!parcel) return status_of(parcel.error());
  return give(own, parcel->read(restore));
}

// An inheritable buffer that write(bytes), a Result<void>, filled.
template <std::size_t Size, class Write>
Result<LockedBuffer> packed(Write write) noexcept {
  auto parcel = LockedBuffer::inheritable(Size);
  if (!parcel) return parcel;
  const auto written = parcel->write(
      [&](std::span<std::uint8_t> to) noexcept { return write(to.template first<Size>()); });
  if (!written) return written.error();
  return parcel;
}

}  // namespace latchkey::c
