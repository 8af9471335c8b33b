// What belongs to this process and not to its parent: the arena, and the mutex that guards it.
#pragma once

#include <signal.h>

#include "latchkey/export.h"

namespace latchkey::memory {

struct Arena;

// The arena of this process. Null before the first secret, and in a child of fork() again.
[[nodiscard]] LATCHKEY_FOR_SEAL Arena* this_arena() noexcept;

// The same or, in a child that has none yet, that of the process that it was forked from. From
// there, Arena::before leads to those of all ancestors. Null before the first secret.
[[nodiscard]] Arena* latest_arena() noexcept;

// Makes `arena` that of this process, unless another thread was first. Returns the one that it is;
// null if there is no memory.
[[nodiscard]] Arena* adopt_arena(Arena* arena) noexcept;

// Whether `arena` was that of a process which this one was forked from.
[[nodiscard]] bool is_ancestors(const Arena* arena) noexcept;

// Locks the pages again that this process has a copy of from its ancestors, once. Those that the
// system refuses to lock are lost then, and wiped, unless the policy is best_effort. In a child of
// fork() a handler did it; one of clone(2) or _Fork(3) calls this before it uses such a page.
void take_over_inherited() noexcept;

// Calls f with the arena of each process which this one was forked from, and with its own. The
// arena that f gets may be freed by f.
void visit_arenas(void (*f)(Arena* arena)) noexcept;
// For the end of this copy of the library, after which nothing here may be called.
void forget_process() noexcept;

// Holds the mutex of this process's arena, which must exist. Pages are mapped only while the mutex
// is held, and fork() waits for its holder; otherwise a child could see pages that are not hidden
// from children yet. Signals are blocked meanwhile: a handler that forks would wait for its own
// thread.
class Held {
 public:
  Held() noexcept;
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  bool locked_;  // false in the thread that forks, whose fork() holds the mutex already
  sigset_t signals_before_;
};

}  // namespace latchkey::memory
