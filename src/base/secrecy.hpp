// Marks memory as secret or public for the constant-time check.
//
// In a build with -Dct_check=true these are valgrind client requests: memcheck then reports every
// branch and every address that depends on memory marked secret. In any other build they are
// nothing.
#pragma once

#include <cstddef>

#ifdef LATCHKEY_CT_CHECK
#include <valgrind/memcheck.h>
#endif

namespace latchkey::base {

#ifdef LATCHKEY_CT_CHECK
inline constexpr bool kForConstantTimeCheck = true;
#else
inline constexpr bool kForConstantTimeCheck = false;
#endif

[[gnu::always_inline]] inline void mark_secret([[maybe_unused]] const void* data,
                                               [[maybe_unused]] std::size_t size) noexcept {
#ifdef LATCHKEY_CT_CHECK
  VALGRIND_MAKE_MEM_UNDEFINED(data, size);
#endif
}

// Each call states why the value may be known to all.
[[gnu::always_inline]] inline void declassify([[maybe_unused]] const void* data,
                                              [[maybe_unused]] std::size_t size) noexcept {
#ifdef LATCHKEY_CT_CHECK
  VALGRIND_MAKE_MEM_DEFINED(data, size);
#endif
}

}  // namespace latchkey::base
