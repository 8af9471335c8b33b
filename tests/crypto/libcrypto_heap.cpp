#include "crypto/libcrypto_heap.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

extern "C" {
void* __real_malloc(std::size_t size);
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);
void* __real_realloc(void* memory, std::size_t size);
void __real_free(void* memory);
}

namespace latchkey::test {
namespace {

LibcryptoHeap* current = nullptr;

// Before each block of libcrypto: its size.
constexpr std::size_t kHead = 16;

std::uint8_t* block_of(void* memory) { return static_cast<std::uint8_t*>(memory) - kHead; }

std::size_t size_of(void* memory) {
  std::size_t size;
  std::memcpy(&size, block_of(memory), sizeof size);
  return size;
}

bool granted() {
  if (current == nullptr) return true;
  if (current->allocations++ == current->failing) return false;
  ++current->alive;
  return true;
}

void* allocate(std::size_t size, const char*, int) {
  if (size == 0 || !granted()) return nullptr;
  auto* const block = static_cast<std::uint8_t*>(__real_malloc(kHead + size));
  if (block == nullptr) return nullptr;
  std::memcpy(block, &size, sizeof size);
  std::memset(block + kHead, 0xaa, size);  // what was there before is nobody's fault
  return block + kHead;
}

void release(void* memory, const char*, int) {
  if (memory == nullptr) return;
  if (LibcryptoHeap* const watch = current) {
    --watch->alive;
    if (watch->on_free) {
      current = nullptr;
      watch->on_free({static_cast<const std::uint8_t*>(memory), size_of(memory)});
      current = watch;
    }
  }
  __real_free(block_of(memory));
}

void* reallocate(void* memory, std::size_t size, const char* file, int line) {
  void* const larger = allocate(size, file, line);
  if (memory == nullptr || (larger == nullptr && size > 0)) return larger;
  if (larger != nullptr) std::memcpy(larger, memory, std::min(size, size_of(memory)));
  release(memory, file, line);
  return larger;
}

// Before main(): libcrypto takes it as long as it has allocated nothing.
const bool watched = CRYPTO_set_mem_functions(allocate, reallocate, release) == 1;

}  // namespace

LibcryptoHeap::LibcryptoHeap() { current = this; }
LibcryptoHeap::~LibcryptoHeap() { current = nullptr; }

bool heap_is_watched() { return watched; }

}  // namespace latchkey::test

// The linker sends the library's calls here.
extern "C" {

void* __wrap_malloc(std::size_t size) {
  return latchkey::test::granted() ? __real_malloc(size) : nullptr;
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  return latchkey::test::granted() ? __real_aligned_alloc(alignment, size) : nullptr;
}
void* __wrap_realloc(void* memory, std::size_t size) {
  if (!latchkey::test::granted()) return nullptr;
  if (latchkey::test::current != nullptr && memory != nullptr) --latchkey::test::current->alive;
  return __real_realloc(memory, size);
}
void __wrap_free(void* memory) {
  if (latchkey::test::current != nullptr && memory != nullptr) --latchkey::test::current->alive;
  __real_free(memory);
}

}  // extern "C"
