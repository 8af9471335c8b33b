// What all handles of the C interface (latchkey.h) share, in both libraries: how they are made,
// recognised and freed, and how errors are returned.
#pragma once

#include <cstdlib>
#include <cstring>
#include <new>

#include "base/bytes.hpp"
#include "base/wipe.hpp"
#include "latchkey/latchkey.h"
#include "latchkey/secret_memory.hpp"

namespace latchkey::c {

// Ends the program: the handle is freed, or of the wrong type.
[[noreturn]] LATCHKEY_FOR_SEAL void refuse_handle(const char* wanted) noexcept;

// The first member of each handle. It detects a pointer to something else, and a freed handle:
// ~Tagged() overwrites it, and so do free(3) and the next owner of the memory.
template <class Handle>
class Tagged {
 public:
  Tagged() noexcept : tag_(Handle::kTag) {}
  ~Tagged() { *const_cast<volatile std::uint64_t*>(&tag_) = 0; }
  Tagged(const Tagged&) = delete;
  Tagged& operator=(const Tagged&) = delete;

  void check() const noexcept {
    if (tag_ != Handle::kTag) refuse_handle(Handle::kWhat);
  }

 private:
  std::uint64_t tag_;
};

inline int status_of(Error error) noexcept { return static_cast<int>(error); }
inline int status_of(const Result<void>& done) noexcept {
  return done ? LATCHKEY_OK : status_of(done.error());
}

// Whether the pointer is NULL although the size is not 0.
inline bool is_missing(const void* bytes, std::size_t size) noexcept {
  return bytes == nullptr && size > 0;
}
inline bool is_missing(View bytes) noexcept { return is_missing(bytes.data(), bytes.size()); }

// Zeros, where there is something that can be zeroed.
inline void clear(std::uint8_t* to, std::size_t size) noexcept {
  if (to != nullptr) base::wipe_output(to, size);
}

// Whether the value is 0 or 1.
inline bool is_choice(int value) noexcept { return value == 0 || value == 1; }

// f(the bytes). Errors: those of f; null_argument, if they are missing.
template <class F>
auto with_bytes(const std::uint8_t* bytes, std::size_t size, F f) noexcept -> decltype(f(View())) {
  if (is_missing(bytes, size)) return Error::null_argument;
  return f(View(bytes, size));
}

// f(the handle). Errors: those of f; null_argument, if it is NULL.
template <class Handle, class F>
auto with(Handle* handle, F f) noexcept -> decltype(f(*handle)) {
  if (handle == nullptr) return Error::null_argument;
  handle->check();
  return f(*handle);
}

// A new object behind a handle; null, if there is no memory.
template <class T, class... Arguments>
T* make(Arguments&&... arguments) noexcept {
  void* const memory = std::aligned_alloc(alignof(T), sizeof(T));
  return memory == nullptr ? nullptr : ::new (memory) T(std::forward<Arguments>(arguments)...);
}

template <class T>
void release(T* object) noexcept {
  if (object == nullptr) return;
  if constexpr (requires { object->check(); }) object->check();
  object->~T();
  std::free(object);
}

// A new handle for what was made, or NULL and why.
template <class Handle, class Made>
int give(Handle** to, Result<Made> made) noexcept {
  if (to == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *to = nullptr;
  if (!made) return status_of(made.error());
  *to = make<Handle>(std::move(*made));
  return *to != nullptr ? LATCHKEY_OK : LATCHKEY_E_NO_MEMORY;
}

// No handle, and why.
template <class Handle>
int give(Handle** to, Error why) noexcept {
  if (to == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *to = nullptr;
  return status_of(why);
}

// An output of the caller's: how many bytes it is to have, and what fills it, write(span).
template <class Write>
struct Output {
  std::size_t size;
  Write write;
};
template <class Write>
Output(std::size_t, Write) -> Output<Write>;

// Fills an output with output_of(handle). It is zeroed on error. Errors: those of write();
// null_argument, wrong_size.
template <class Handle, class OutputOf>
int fill_from(const Handle* handle, std::uint8_t* to, std::size_t size,
              OutputOf output_of) noexcept {
  const auto fill = [&]() noexcept -> Result<void> {
    if (handle == nullptr || is_missing(to, size)) return Error::null_argument;
    handle->check();
    const auto output = output_of(*handle);
    if (size != output.size) return Error::wrong_size;
    return output.write(std::span(to, size));
  };
  const int status = status_of(fill());
  if (status != LATCHKEY_OK) clear(to, size);  // not before: an input of the caller's may lie here
  return status;
}

// ---- Handles that children inherit

// A second handle, whose parcel is pack(*handle), an inheritable buffer; restore(bytes) makes the
// handle's object of what is in it.
template <class Handle, class Pack, class Restore>
int make_inheritable(const Handle* handle, Handle** to, Pack pack, Restore restore) noexcept {
  if (to == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *to = nullptr;
  if (handle == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  handle->check();
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
  inherited->check();
  if (inherited->parcel.size() == 0) return LATCHKEY_E_INHERITED;
  const auto parcel = inherited->parcel.adopt();
  if (!parcel) return status_of(parcel.error());
  return give(own, parcel->read(restore));
}

}  // namespace latchkey::c
