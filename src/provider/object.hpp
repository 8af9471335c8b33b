// Objects on the heap that libcrypto holds by a void pointer: without exceptions and without the
// C++ runtime.
#pragma once

#include <cstdlib>
#include <new>
#include <utility>

namespace latchkey::provider {

// Null if there is no memory.
template <class T, class... Arguments>
[[nodiscard]] T* make(Arguments&&... arguments) noexcept {
  static_assert(alignof(T) <= alignof(std::max_align_t));
  void* const memory = std::malloc(sizeof(T));
  return memory == nullptr ? nullptr : ::new (memory) T{std::forward<Arguments>(arguments)...};
}

template <class T>
void destroy(T* object) noexcept {
  if (object == nullptr) return;
  object->~T();
  std::free(object);
}

}  // namespace latchkey::provider
