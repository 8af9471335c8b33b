/* What the shared libraries show: what is first declared between LATCHKEY_API_BEGIN and
 * LATCHKEY_API_END in the other headers, or with LATCHKEY_API, which templates of functions need.
 * Everything else is hidden (-fvisibility=hidden).
 *
 * A static library shows nothing outside of the program or shared object that it is linked into:
 * in one process, two shared objects may each have a copy of their own, of different versions, too.
 * That takes two macros. LATCHKEY_HIDDEN is defined where the static libraries are compiled.
 * LATCHKEY_STATIC is defined where their users are: pkg-config (where the static libraries are the
 * only ones), CMake and Meson do so; define it yourself where you name liblatchkey.a. It keeps the
 * dynamic linker from taking the inline functions of one copy for those of another. (Protected and
 * not hidden, because gcc warns about a class that is less hidden than its members.)
 */
#ifndef LATCHKEY_EXPORT_H
#define LATCHKEY_EXPORT_H

#if defined(LATCHKEY_HIDDEN)
#define LATCHKEY_API_BEGIN _Pragma("GCC visibility push(hidden)")
#define LATCHKEY_API
#elif defined(LATCHKEY_STATIC)
#define LATCHKEY_API_BEGIN _Pragma("GCC visibility push(protected)")
#define LATCHKEY_API __attribute__((visibility("protected")))
#else
#define LATCHKEY_API_BEGIN _Pragma("GCC visibility push(default)")
#define LATCHKEY_API __attribute__((visibility("default")))
#endif
/* Not for callers, but latchkey-seal needs it, which is a library of its own. */
#define LATCHKEY_FOR_SEAL LATCHKEY_API
#define LATCHKEY_API_END _Pragma("GCC visibility pop")

/* What a function returns points into this object or argument: clang warns where it outlives that.
 */
#if defined(__cplusplus) && defined(__clang__)
#define LATCHKEY_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define LATCHKEY_LIFETIMEBOUND
#endif

#endif
