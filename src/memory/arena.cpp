#include "memory/arena.hpp"

#include <pthread.h>

#include <algorithm>
#include <bit>

#include "base/try.hpp"
#include "memory/entropy.hpp"
#include "memory/owned.hpp"
#include "memory/poison.hpp"
#include "memory/policy.hpp"
#include "memory/process.hpp"
#include "memory/slots.hpp"

namespace latchkey::memory {
namespace {

constexpr std::size_t kLargestChunk = 256 * 1024;

// Threads differ in the upper bits of these numbers, which are addresses: multiplicative hashing
// (Knuth, The Art of Computer Programming, section 6.4).
std::atomic<Block*>& hint(Arena& arena, bool locked, std::size_t kind) noexcept {
  const std::uint64_t thread = std::bit_cast<std::uintptr_t>(pthread_self());
  const std::uint64_t hash = thread * 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio
  return arena.hints[hash >> (64 - kHintsBits)].blocks[locked][kind];
}

Result<Arena*> get_arena() noexcept {
  if (Arena* const arena = this_arena()) return arena;
  auto* const fresh = allocate<Arena>();
  if (fresh == nullptr) return Error::no_memory;
  const std::span bytes(reinterpret_cast<std::uint8_t*>(fresh->canary), sizeof fresh->canary);
  const bool random = random_bytes(bytes);
  Arena* const arena = random ? adopt_arena(fresh) : nullptr;
  if (arena != fresh) release(fresh);
  if (arena == nullptr) return random ? Error::no_memory : Error::no_entropy;
  return arena;
}

// ---- Chunks. The caller holds the mutex, or has the chunk for itself.

void link(Arena& arena, Chunk* chunk) noexcept {
  chunk->next = arena.chunks;
  if (chunk->next != nullptr) chunk->next->previous = chunk;
  arena.chunks = chunk;
}

void unlink(Arena& arena, Chunk* chunk) noexcept {
  (chunk->previous != nullptr ? chunk->previous->next : arena.chunks) = chunk->next;
  if (chunk->next != nullptr) chunk->next->previous = chunk->previous;
}

Result<Chunk*> map_chunk(Arena& arena, std::size_t size, const SlotLayout& layout,
                         Protection protection, Fork fork, bool single) noexcept {
  const auto mapping = LATCHKEY_TRY(map_pages(size, protection, fork));
  const OpenSecrets open(OpenSecrets::Rights::write);
  Chunk* const chunk = make_chunk(arena, mapping, layout, fork, single);
  if (chunk == nullptr) {
    unmap(mapping);
    return Error::no_memory;
  }
  link(arena, chunk);
  return chunk;
}

bool is_refusal(Error error) noexcept {
  return error == Error::memory_not_locked || error == Error::memory_not_protected;
}

// Under best_effort, memory that cannot be locked or hidden is mapped and used nevertheless.
Result<Chunk*> map_as_policy_says(Arena& arena, std::size_t size, const SlotLayout& layout,
                                  Fork fork, bool single) noexcept {
  auto chunk = map_chunk(arena, size, layout, Protection::required, fork, single);
  if (chunk || !is_refusal(chunk.error()) || !policy_has(Policy::best_effort)) return chunk;
  return map_chunk(arena, size, layout, Protection::as_granted, fork, single);
}

// Near the limit a smaller chunk may still be had.
Result<Chunk*> map_slots(Arena& arena, std::size_t kind) noexcept {
  const SlotLayout& layout = kSlotSizes[kind];
  const std::size_t least = round_up(layout.first + layout.size + layout.tail, page_size());
  const std::size_t wanted = std::max(least, arena.chunk_size[kind]);
  for (std::size_t size = wanted; size > least; size = std::max(least, size / 2)) {
    auto chunk = map_chunk(arena, size, layout, Protection::required, Fork::hide, false);
    if (chunk || !is_refusal(chunk.error())) return chunk;
  }
  return map_as_policy_says(arena, least, layout, Fork::hide, false);
}

// ---- Slots

// The mark of a purge that met the slot's last owner. A purge that runs now may have seen that the
// slot is taken, and would wipe what comes into it: it is waited for. One that begins later marks
// the slot again.
void clear_mark(Block& block, std::uint64_t bit) noexcept {
  if ((block.purged.load(std::memory_order_relaxed) & bit) != 0) block.purged.fetch_and(~bit);
  if (!block.arena->purging.load(std::memory_order_seq_cst)) [[likely]]
    return;
  const Held until_it_is_done;
  block.purged.fetch_and(~bit);
}

// Another thread at the same block is reason to try the next one, or, if `patient`, to try again.
bool take_from(Block& block, bool patient, Slot& taken) noexcept {
  std::uint64_t free = block.free.load(std::memory_order_relaxed);
  while (free != 0) {
    const std::uint64_t lowest = free & (~free + 1);
    if (block.free.compare_exchange_strong(free, free & ~lowest, std::memory_order_seq_cst,
                                           std::memory_order_relaxed)) {
      clear_mark(block, lowest);
      const auto index = static_cast<std::uint32_t>(__builtin_ctzll(lowest));
      unpoison(slot(block, index), block.chunk->layout.size);
      taken = SlotAccess::make(&block, index);
      return true;
    }
    if (!patient) return false;
  }
  return false;
}

bool take(Arena& arena, bool locked, std::size_t kind, bool patient, Slot& taken) noexcept {
  Block* const first = arena.blocks[locked][kind].load(std::memory_order_acquire);
  std::atomic<Block*>& hinted = hint(arena, locked, kind);
  Block* const last_used = hinted.load(std::memory_order_acquire);
  Block* const start = last_used != nullptr ? last_used : first;
  for (Block* block = start; block != nullptr;) {
    if (take_from(*block, patient, taken)) {
      if (block != last_used) hinted.store(block, std::memory_order_release);
      return true;
    }
    Block* const next = block->next.load(std::memory_order_acquire);
    block = next != nullptr ? next : first;
    if (block == start) break;
  }
  return false;
}

bool take_any(Arena& arena, std::size_t kind, bool patient, Slot& taken) noexcept {
  return take(arena, true, kind, patient, taken) ||
         (policy_has(Policy::best_effort) && take(arena, false, kind, patient, taken));
}

// All slots are taken.
Result<Slot> take_from_new_chunk(Arena& arena, std::size_t kind) noexcept {
  const Held held;
  Slot taken;
  if (take_any(arena, kind, true, taken)) return taken;  // another thread was here
  const auto mapped = LATCHKEY_TRY(map_slots(arena, kind));
  const Chunk& chunk = *mapped;
  arena.chunk_size[kind] = std::min(2 * chunk.mapping.size, kLargestChunk);
  take_from(chunk.blocks[0], true, taken);
  hint(arena, chunk.mapping.locked, kind).store(&chunk.blocks[0], std::memory_order_release);
  auto& head = arena.blocks[chunk.mapping.locked][kind];
  for (std::size_t i = chunk.block_count; i-- > 0;) {  // to the front, with their slots
    chunk.blocks[i].next.store(head.load(std::memory_order_relaxed), std::memory_order_relaxed);
    head.store(&chunk.blocks[i], std::memory_order_release);
  }
  return taken;
}

Result<Slot> allocate_single(Arena& arena, std::size_t size, Fork fork) noexcept {
  constexpr std::size_t kUnit = 16, kTooMuch = SIZE_MAX / 2;
  if (size > kTooMuch) return Error::no_memory;
  const std::size_t content = round_up(size, kUnit);
  const std::size_t pages = round_up(kCanarySize + content, page_size());
  const SlotLayout layout = {size, pages - content, 0, content - size};
  const Held held;
  const auto chunk = LATCHKEY_TRY(map_as_policy_says(arena, pages, layout, fork, true));
  Slot taken;
  take_from(chunk->blocks[0], true, taken);
  return taken;
}

}  // namespace

Result<Slot> allocate_slot(std::size_t size) noexcept {
  const auto arena = LATCHKEY_TRY(get_arena());
  if (size > kLargestSlot) return allocate_single(*arena, size, Fork::hide);
  const std::size_t kind = kind_of_slot(size);
  Slot taken;
  if (take_any(*arena, kind, false, taken)) return taken;
  return take_from_new_chunk(*arena, kind);
}

Result<Slot> allocate_inheritable(std::size_t size) noexcept {
  const auto arena = LATCHKEY_TRY(get_arena());
  return allocate_single(*arena, size, Fork::copy);
}

void give_back(Block& block, std::uint32_t index) noexcept {
  Arena& arena = *block.arena;
  Chunk* const chunk = block.chunk;
  if (chunk->single) {
    const Held held;
    unlink(arena, chunk);
    unmap(chunk->mapping);
    destroy_chunk(chunk);
    return;
  }
#ifdef LATCHKEY_POISONS
  const Held not_beside_a_purge;  // which may be wiping this slot, and would be reported
#endif
  poison(slot(block, index), chunk->layout.size);
  block.free.fetch_or(bit_of(index), std::memory_order_release);
  for (std::size_t kind = 0; kind < kSlotSizeCount; ++kind) {
    if (kSlotSizes[kind].size == chunk->layout.size) {
      hint(arena, chunk->mapping.locked, kind).store(&block, std::memory_order_release);
    }
  }
}

void destroy_arena(Arena* arena) noexcept {
  while (Chunk* const chunk = arena->chunks) {
    unlink(*arena, chunk);
    // Hidden pages of a parent are not here, and something else may be in their place.
    const bool is_here = arena == this_arena() || chunk->fork == Fork::copy;
    if (is_here) unmap(chunk->mapping);
    destroy_chunk(chunk);
  }
  release(arena);
}

}  // namespace latchkey::memory
