// Objects on the heap without exceptions and without the C++ runtime.
#pragma once

#include <cstdlib>
#include <new>
#include <type_traits>

#include "base/wipe.hpp"

namespace latchkey::memory {

// A new T, its plain members uninitialised, or null.
template <class T>
[[nodiscard]] T* allocate() noexcept {
  static_assert(std::is_trivially_destructible_v<T>);
  constexpr std::size_t kSize = (sizeof(T) + alignof(T) - 1) / alignof(T) * alignof(T);
  void* memory = std::aligned_alloc(alignof(T), kSize);
  return memory == nullptr ? nullptr : ::new (memory) T;
}

template <class T>
void release(T* object) noexcept {
  if (object == nullptr) return;
  base::wipe(object, sizeof(T));
  std::free(object);
}

}  // namespace latchkey::memory
