// In place of src/base/wipe.hpp in the control: working values stay, and registers. Outputs are
// still zeroed on an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace latchkey::base {

inline void wipe(void* data, std::size_t size) noexcept {
  std::memset(data, 0, size);
  asm volatile("" : : "r"(data) : "memory");
}

inline void wipe_output(void* data, std::size_t size) noexcept {
  if (size <= PTRDIFF_MAX) wipe(data, size);
}

// Static: the function of this name in the library clears them.
[[maybe_unused]] static void clear_registers() noexcept {}

template <class T>
class Scrubbed {
 public:
  Scrubbed() noexcept {}
  Scrubbed(const Scrubbed&) = delete;
  Scrubbed& operator=(const Scrubbed&) = delete;

  T& operator*() noexcept { return value_; }
  const T& operator*() const noexcept { return value_; }
  T* operator->() noexcept { return &value_; }
  const T* operator->() const noexcept { return &value_; }

 private:
  T value_;
};

}  // namespace latchkey::base
