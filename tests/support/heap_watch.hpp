// The library's blocks of the heap, while a test looks. For tests to which the linker sends the
// library's calls (see api/meson.build), those of free to what is below. One watch at a time, in
// one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <vector>

namespace latchkey::test {

struct HeapWatch {
  static inline HeapWatch* current = nullptr;

  std::map<void*, std::size_t> alive;
  std::vector<std::size_t> granted;  // their sizes
  int released_dirty = 0;
  std::size_t allowed = 1000;  // after so many the memory is used up

  HeapWatch() { current = this; }
  ~HeapWatch() { current = nullptr; }
  HeapWatch(const HeapWatch&) = delete;
  HeapWatch& operator=(const HeapWatch&) = delete;

  // What the library gets, where get() is what it asked for.
  template <class Get>
  static void* allocate(std::size_t size, Get get) {
    if (current == nullptr) return get();
    if (current->granted.size() == current->allowed) return nullptr;
    void* const memory = get();
    std::memset(memory, 0xaa, size);
    current->granted.push_back(size);
    current->alive[memory] = size;
    return memory;
  }

  // Before it is.
  static void released(const void* memory) {
    if (current == nullptr) return;
    const auto found = current->alive.find(const_cast<void*>(memory));
    if (found == current->alive.end()) return;
    const auto* const bytes = static_cast<const unsigned char*>(memory);
    const bool wiped = std::all_of(bytes, bytes + found->second, [](auto b) { return b == 0; });
    if (!wiped) ++current->released_dirty;
    current->alive.erase(found);
  }
};

}  // namespace latchkey::test

extern "C" {

void __real_free(void* memory);

[[gnu::used]] inline void __wrap_free(void* memory) {
  latchkey::test::HeapWatch::released(memory);
  __real_free(memory);
}

}  // extern "C"
