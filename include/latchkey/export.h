/* What the shared libraries show: what is first declared between LATCHKEY_API_BEGIN and
 * LATCHKEY_API_END in the other headers, or with LATCHKEY_API, which templates of functions need.
 * Everything else is hidden (-fvisibility=hidden).
 *
 * LATCHKEY_HIDDEN is defined where the static libraries are compiled. They show nothing outside of
 * the program or shared object that they are linked into: in one process, two shared objects may
 * each have a copy of their own, of different versions, too.
 */
#ifndef LATCHKEY_EXPORT_H
#define LATCHKEY_EXPORT_H

#if defined(LATCHKEY_HIDDEN)
#define LATCHKEY_API_BEGIN _Pragma("GCC visibility push(hidden)")
#define LATCHKEY_API
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
