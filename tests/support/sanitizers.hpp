// Which sanitizers this is built with: gcc has macros for them, clang has features.
#pragma once

#if defined(__SANITIZE_THREAD__)
#define LATCHKEY_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LATCHKEY_THREAD_SANITIZER 1
#endif
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define LATCHKEY_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(LATCHKEY_THREAD_SANITIZER)
#define LATCHKEY_SANITIZED 1
#endif
