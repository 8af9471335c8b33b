// Objects on the heap without exceptions and without the C++ runtime.
#pragma once

#include <cstdlib>
#include <new>
#include <type_traits>

#include "base/wipe.hpp"

namespace latchkey::memory {

// `count` of them, or null. The plain members of plain types are uninitialised.
template <class T>
[[nodiscard]] T* allocate_array(std::size_t count) noexcept {
  static_assert(std::is_trivially_destructible_v<T> && sizeof(T) % alignof(T) == 0);
  auto* const memory = static_cast<T*>(std::aligned_alloc(alignof(T), count * sizeof(T)));
  for (std::size_t i = 0; memory != nullptr && i < count; ++i) ::new (memory + i) T;
  return memory;
}

template <class T>
[[nodiscard]] T* allocate() noexcept {
  return allocate_array<T>(1);
}

template <class T>
void release(T* object) noexcept {
  if (object == nullptr) return;
  base::wipe(object, sizeof(T));
  std::free(object);
}

}  // namespace latchkey::memory
