// What can be done with a secret in the arena: find it, freeze it, wipe it.
#pragma once

#include "base/try.hpp"
#include "memory/arena.hpp"

namespace latchkey::memory {

// Where it is. With protection keys, for use while an OpenSecrets lives. Errors: moved_from,
// inherited, purged.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<std::uint8_t*> bytes_of(const Slot& slot) noexcept;
// Whether what was read there before was the secret, and no purge() came between. Errors: the same.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<void> check_after_use(const Slot& slot) noexcept;
template <class T>
[[nodiscard]] Result<T*> object_in(const Slot& slot) noexcept {
  const auto bytes = LATCHKEY_TRY(bytes_of(slot));
  return reinterpret_cast<T*>(bytes);
}

// What the parent put into a slot of allocate_shared(). Errors: moved_from, inherited, if the slot
// is another one.
[[nodiscard]] Result<std::uint8_t*> bytes_shared_by_parent(const Slot& slot) noexcept;
// Whether they are still there: they can go at any time.
[[nodiscard]] bool is_still_shared(const Slot& slot) noexcept;

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

// Wipes a slot and gives it back; nothing happens to a parent's.
void release_slot(Block& block, std::uint32_t index) noexcept;

}  // namespace latchkey::memory
