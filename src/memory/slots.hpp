// What can be done with a secret in the arena: find it, freeze it, wipe it.
#pragma once

#include "base/try.hpp"
#include "memory/arena.hpp"

namespace latchkey::memory {

// Where it is. With protection keys, for use while an OpenSecrets lives. Errors: moved_from,
// purged; for a secret of a parent inherited, or memory_not_locked if it is on inheritable pages
// that this process could not lock.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<std::uint8_t*> bytes_of(const Slot& slot) noexcept;
// Whether what was read there before was the secret, and no purge() came between. Errors: the same.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<void> check_after_use(const Slot& slot) noexcept;
template <class T>
[[nodiscard]] Result<T*> object_in(const Slot& slot) noexcept {
  const auto bytes = LATCHKEY_TRY(bytes_of(slot));
  return reinterpret_cast<T*>(bytes);
}

// Whether it is of allocate_inheritable(). Errors: moved_from; inherited, if it is another one.
[[nodiscard]] Result<void> must_be_inheritable(const Slot& slot) noexcept;

// By mprotect(2), for a slot with pages of its own; nothing happens to others. Errors: those of
// bytes_of(), memory_not_protected.
[[nodiscard]] Result<void> set_writable(const Slot& slot, bool writable) noexcept;

[[nodiscard]] LATCHKEY_FOR_SEAL bool is_locked(const Slot& slot) noexcept;

// For tests: every slot of this process, in use or not.
struct SlotView {
  const std::uint8_t* bytes;
  std::size_t size;
  bool in_use;
  bool locked;
};
void visit_slots(void (*visitor)(void* context, const SlotView&), void* context) noexcept;

// Wipes what is in use of it, and marks that. For the holder of the mutex.
void purge_chunk(Chunk& chunk) noexcept;

// Wipes a slot and gives it back; nothing happens to a parent's that this process has no copy of.
void release_slot(Block& block, std::uint32_t index) noexcept;

}  // namespace latchkey::memory
