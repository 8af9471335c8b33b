// What belongs to this process and not to its parent.
#pragma once

#include "latchkey/export.h"

namespace latchkey::memory {

struct Arena;

// The arena of this process. Null before the first secret, and in a child of fork() again.
[[nodiscard]] LATCHKEY_FOR_SEAL Arena* this_arena() noexcept;

// Makes `arena` that of this process, unless another thread was first. Returns the one that it is;
// null if there is no memory.
[[nodiscard]] Arena* adopt_arena(Arena* arena) noexcept;

}  // namespace latchkey::memory
