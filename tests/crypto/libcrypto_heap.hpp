// The heap of libcrypto and that of the library, whose calls the linker sends here (operation_wraps
// of meson.build): what is alive, what libcrypto gives back, and that there may be no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace latchkey::test {

class LibcryptoHeap {
 public:
  LibcryptoHeap();
  ~LibcryptoHeap();
  LibcryptoHeap(const LibcryptoHeap&) = delete;
  LibcryptoHeap& operator=(const LibcryptoHeap&) = delete;

  // Called with each block of libcrypto's before it goes back.
  std::function<void(std::span<const std::uint8_t>)> on_free;
  // The allocation of this number, counted from 0, fails.
  std::size_t failing = SIZE_MAX;

  std::size_t allocations = 0;
  // Blocks that were made while this watch lives and are still there, less those that were there
  // before and are not.
  std::ptrdiff_t alive = 0;
};

// Whether libcrypto's heap can be watched: not if it had blocks before main().
bool heap_is_watched();

}  // namespace latchkey::test
