// Erasing secrets so that the optimiser cannot drop it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace latchkey::base {

// The empty asm takes the address and clobbers memory: the stores before it must happen.
[[gnu::always_inline]] inline void wipe(void* data, std::size_t size) noexcept {
  if (size != 0) std::memset(data, 0, size);  // the data of an empty span may be null
  asm volatile("" : : "r"(data) : "memory");
}

// Zeros the output of a caller, who computed its size. No object has more than PTRDIFF_MAX bytes: a
// larger size comes from a subtraction that went below zero, and then nothing is written.
[[gnu::always_inline]] inline void wipe_output(void* data, std::size_t size) noexcept {
  if (size <= PTRDIFF_MAX) wipe(data, size);
}

// Leaves nothing in the registers that a function need not preserve: vectors, masks, integers. On
// x86-64; elsewhere it does nothing. Called last, on the way out of code that worked with secrets.
void clear_registers() noexcept;

// A working value that is wiped when it goes out of scope. Starts uninitialised.
template <class T>
class Scrubbed {
 public:
  static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);

  [[gnu::always_inline]] Scrubbed() noexcept {}
  [[gnu::always_inline]] ~Scrubbed() { wipe(&value_, sizeof value_); }
  Scrubbed(const Scrubbed&) = delete;
  Scrubbed& operator=(const Scrubbed&) = delete;

  [[gnu::always_inline]] T& operator*() noexcept { return value_; }
  [[gnu::always_inline]] const T& operator*() const noexcept { return value_; }
  [[gnu::always_inline]] T* operator->() noexcept { return &value_; }
  [[gnu::always_inline]] const T* operator->() const noexcept { return &value_; }

 private:
  T value_;
};

}  // namespace latchkey::base
