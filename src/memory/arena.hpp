// The arena: where the secrets of this process are.
//
// A secret is a slot of a block (block.hpp) of its size class, taken and given back by one atomic
// operation. When all slots are taken, a mutex is held while another chunk is mapped, each twice
// the last. What is larger than the largest slot, or for children of fork() to copy, has a mapping
// of its own.
#pragma once

#include "base/try.hpp"
#include "latchkey/export.h"
#include "latchkey/secret_memory.hpp"
#include "memory/block.hpp"
#include "memory/process.hpp"

namespace latchkey::memory {

using Slot = internal::SecretSlot;

// The blocks that a thread used last: where it looks first. Threads are spread over some of these,
// each on cache lines of its own. Two that meet in one take slots of each other's block, and no
// more. They are no thread-local variables: room for those is short in libraries that are loaded at
// run time.
struct alignas(128) Hints {
  std::atomic<Block*> blocks[2][kSlotSizeCount] = {};
};
inline constexpr std::size_t kHintsBits = 6;  // of how many there are, 64

// Made on first use; a child of fork() makes its own. Destroyed only if the library is unloaded.
// Only the holder of the mutex (Held in process.hpp) may use the members that are not atomic.
struct Arena {
  std::uint64_t canary[2];
  // The first block of each size. Under Policy::best_effort some chunks are not locked: their
  // blocks are apart, so that no other policy can meet them.
  std::atomic<Block*> blocks[2][kSlotSizeCount] = {};
  Hints hints[std::size_t{1} << kHintsBits];
  Chunk* chunks = nullptr;
  std::size_t chunk_size[kSlotSizeCount] = {};  // of the next one
  std::atomic<bool> purging{false};
  Arena* before = nullptr;  // the parent process's
};

// Calls f with each chunk whose pages this process has: with those of its own arena, and with what
// it has a copy of from the processes that it was forked from. Only for the holder of the mutex.
template <class F>
void for_each_chunk(F f) noexcept {
  const Arena* const own = this_arena();
  for (const Arena* arena = latest_arena(); arena != nullptr; arena = arena->before) {
    for (Chunk* chunk = arena->chunks; chunk != nullptr; chunk = chunk->next) {
      if (arena == own || chunk->fork == Fork::copy) f(*chunk);
    }
  }
}

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

// Zeros, `size` bytes, aligned as the slots of block.hpp are, at least to 16. They are wiped when
// the slot goes. Errors: no_memory, memory_not_locked, memory_not_protected, too_many_mappings,
// no_entropy.
[[nodiscard]] LATCHKEY_FOR_SEAL Result<Slot> allocate_slot(std::size_t size) noexcept;
// The same for an object, aligned as it wants.
template <class T>
[[nodiscard]] Result<Slot> allocate_slot_for() noexcept {
  // `first` of a layout is its alignment.
  static_assert(sizeof(T) <= kLargestSlot &&
                kSlotSizes[kind_of_slot(sizeof(T))].first % alignof(T) == 0);
  return allocate_slot(sizeof(T));
}
// On pages that children get a copy of.
[[nodiscard]] Result<Slot> allocate_inheritable(std::size_t size) noexcept;

// Makes sure that slots of these sizes can be had at once, for an operation that must not fail for
// lack of memory later: maps and locks what is missing. For at most kLargestSlot bytes each. The
// slots are free then, for any thread, and their pages stay with the process. A child of fork() has
// to reserve its own. Errors: those of allocate_slot().
template <std::size_t n>
[[nodiscard]] Result<void> reserve(const std::size_t (&sizes)[n]) noexcept {
  Slot slots[n];
  for (std::size_t i = 0; i < n; ++i) slots[i] = LATCHKEY_TRY(allocate_slot(sizes[i]));
  return {};
}

// Of a slot that is wiped.
void give_back(Block& block, std::uint32_t index) noexcept;
// With all its chunks, whose secrets are wiped. Of a parent's arena, what this process has of it.
void destroy_arena(Arena* arena) noexcept;

}  // namespace latchkey::memory
