// The arena: where the secrets of this process are.
//
// A secret is a slot of a block (block.hpp) of its size class, taken and given back by one atomic
// operation. When all slots are taken, a mutex is held while another chunk is mapped, each twice
// the last. What is larger than the largest slot, or for children of fork() to see, has a mapping
// of its own.
#pragma once

#include <pthread.h>

#include "latchkey/export.h"
#include "latchkey/secret_memory.hpp"
#include "memory/block.hpp"

namespace latchkey::memory {

using Slot = internal::SecretSlot;

// Made on first use; a child of fork() makes another. Never unmade.
struct Arena {
  std::uint64_t canary[2];
  // The first block of each size. Under Policy::best_effort some chunks are not locked: their
  // blocks are apart, so that no other policy can meet them.
  std::atomic<Block*> blocks[2][kSlotSizeCount] = {};
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;  // for what follows, and the chunks
  Chunk* chunks = nullptr;
  std::size_t chunk_size[kSlotSizeCount] = {};  // of the next one
  std::atomic<bool> purging{false};             // changed by the holder of the mutex
  Arena* before = nullptr;                      // the parent process's
};

class Held {
 public:
  explicit Held(Arena& arena) noexcept : mutex_(arena.mutex) { pthread_mutex_lock(&mutex_); }
  ~Held() { pthread_mutex_unlock(&mutex_); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  pthread_mutex_t& mutex_;
};

// What SecretSlot keeps to itself.
struct SlotAccess {
  static Slot make(Block* block, std::uint32_t index) noexcept {
    Slot slot;
    slot.block_ = block;
    slot.index_ = index;
    return slot;
  }
  static Block* block(const Slot& slot) noexcept { return static_cast<Block*>(slot.block_); }
  static std::uint32_t index(const Slot& slot) noexcept { return slot.index_; }
};

// Whether the policy in force contains this one.
[[nodiscard]] LATCHKEY_FOR_SEAL bool policy_has(Policy flag) noexcept;

// Zeros, `size` bytes, aligned to 16; 1600 bytes, to 64. They are wiped when the slot goes. Errors:
// no_memory, memory_not_locked, memory_not_protected, no_entropy.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<Slot> allocate_slot(std::size_t size) noexcept;
// On pages that children see.
[[nodiscard]] Result<Slot> allocate_shared(std::size_t size) noexcept;

// Of a slot that is wiped, for SecretSlot's end.
void give_back(Block& block, std::uint32_t index) noexcept;

// Where it is. With protection keys, for use while an OpenSecrets lives. Errors: moved_from,
// inherited, purged.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<std::uint8_t*> bytes_of(const Slot& slot) noexcept;
// Whether what was read there before was the secret, and no purge() came between. Errors: the same.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<void> check_after_use(const Slot& slot) noexcept;
template <class T>
[[nodiscard]] Result<T*> object_in(const Slot& slot) noexcept {
  const auto bytes = bytes_of(slot);
  if (!bytes) return bytes.error();
  return reinterpret_cast<T*>(*bytes);
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

}  // namespace latchkey::memory
