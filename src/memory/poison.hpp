// Marks free slots for AddressSanitizer, which then reports reads and writes of a freed secret. In
// builds without AddressSanitizer, these functions do nothing.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define LATCHKEY_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LATCHKEY_POISONS 1
#endif
#endif

#ifdef LATCHKEY_POISONS
// Of sanitizer/asan_interface.h.
extern "C" void __asan_poison_memory_region(const volatile void* bytes, std::size_t size);
extern "C" void __asan_unpoison_memory_region(const volatile void* bytes, std::size_t size);
#endif

namespace latchkey::memory {

inline void poison([[maybe_unused]] const void* bytes, [[maybe_unused]] std::size_t size) noexcept {
#ifdef LATCHKEY_POISONS
  __asan_poison_memory_region(bytes, size);
#endif
}

inline void unpoison([[maybe_unused]] const void* bytes,
                     [[maybe_unused]] std::size_t size) noexcept {
#ifdef LATCHKEY_POISONS
  __asan_unpoison_memory_region(bytes, size);
#endif
}

}  // namespace latchkey::memory
