/* What the shared libraries show: what is first declared between LATCHKEY_API_BEGIN and
 * LATCHKEY_API_END in the other headers, or with LATCHKEY_API, which templates of functions need.
 * Everything else is hidden (-fvisibility=hidden).
 *
 * A program or shared object that is linked with the static library does not export its symbols: in
 * one process, two shared objects may each have their own copy, even of different versions. Two
 * macros ensure that. LATCHKEY_HIDDEN is defined when the static libraries are compiled.
 * LATCHKEY_STATIC is defined when code that uses them is compiled. CMake, Meson and, if only the
 * static libraries are installed, pkg-config define it; define it yourself if you link
 * liblatchkey.a by name. It keeps the dynamic linker from using the inline functions of one copy
 * for objects of another. (Visibility is protected and not hidden, because gcc warns about a class
 * whose visibility is lower than that of its members.)
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

/* The result of a function points into this object or argument. clang warns if it outlives that.
 */
#if defined(__cplusplus) && defined(__clang__)
#define LATCHKEY_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define LATCHKEY_LIFETIMEBOUND
#endif

#endif
