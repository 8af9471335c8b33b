// What belongs to this process and not to its parent: the arena, and the mutex that guards it.
#pragma once

#include <signal.h>

#include <cstdint>

#include "latchkey/export.h"

namespace latchkey::memory {

struct Arena;

// The arena of this process. Null before the first secret, and in a child of fork() again.
[[nodiscard]] LATCHKEY_FOR_SEAL Arena* this_arena() noexcept;

// Makes `arena` that of this process, unless another thread was first. Returns the one that it is;
// null if there is no memory.
[[nodiscard]] Arena* adopt_arena(Arena* arena) noexcept;

// Calls f with the arena of each process which this one was forked from, and with its own. The
// arena that f gets may be freed by f. Those of other processes are left out if this process was
// made while a thread was changing one of them.
void visit_arenas(void (*f)(Arena* arena)) noexcept;
// For the end of this copy of the library, after which nothing here may be called.
void forget_process() noexcept;

// How many calls of fork() have begun in this process, which must have an arena.
[[nodiscard]] std::uint64_t forks_begun() noexcept;
// Waits until no other thread is in fork(), but not long, since that thread may wait for this one.
// False if one still is, or if this thread is.
[[nodiscard]] bool wait_for_forks() noexcept;

// Holds the mutex of this process's arena, which must exist. It is free in every child. Signals are
// blocked meanwhile: a child that a handler makes would go on with what its parent is doing here.
class Held {
 public:
  Held() noexcept;
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  sigset_t signals_before_;
};

}  // namespace latchkey::memory
