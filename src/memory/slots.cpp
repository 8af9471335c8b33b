// What can be done with a secret in the arena: find it, freeze it, wipe it and all others.

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

#include "base/wipe.hpp"
#include "memory/arena.hpp"
#include "memory/process.hpp"
#include "memory/protection.hpp"

namespace latchkey {
namespace memory {
namespace {

constinit std::atomic<Policy> policy{Policy::require};

bool set_pages_writable(Chunk& chunk, bool writable) noexcept {
  const int access = writable ? PROT_READ | PROT_WRITE : PROT_READ;
  if (mprotect(chunk.mapping.data, chunk.mapping.size, access) != 0) return false;
  chunk.writable = writable;
  return true;
}

bool is_purged(const Block& block, std::uint32_t index) noexcept {
  return (block.purged.load(std::memory_order_acquire) & bit_of(index)) != 0;
}

// On pages that a child sees the canary goes, too: that tells the child.
void wipe_slot(const Block& block, std::uint32_t index) noexcept {
  const Chunk& chunk = *block.chunk;
  std::uint8_t* const bytes = slot(block, index);
  base::wipe(bytes, chunk.layout.size);
  if (chunk.fork == Fork::share) base::wipe(bytes - kCanarySize, kCanarySize);
}

// Owners may be at work on them in other threads: that is why purge() is called.
void purge_chunk(Chunk& chunk) noexcept {
  if (chunk.single && !set_pages_writable(chunk, true)) return;
  for (std::size_t i = 0; i < chunk.block_count; ++i) {
    Block& block = chunk.blocks[i];
    const std::uint64_t in_use = block.all & ~block.free.load(std::memory_order_acquire);
    block.purged.fetch_or(in_use, std::memory_order_acq_rel);
    for (std::uint64_t left = in_use; left != 0; left &= left - 1) {
      wipe_slot(block, static_cast<std::uint32_t>(__builtin_ctzll(left)));
    }
  }
}

[[noreturn]] void abort_for_canary(std::size_t size) noexcept {
  purge();
  char line[128];
  const int length = std::snprintf(
      line, sizeof line,
      "latchkey: memory beside a secret of %zu bytes was overwritten; all secrets are wiped\n",
      size);
  [[maybe_unused]] const auto done = write(STDERR_FILENO, line, static_cast<std::size_t>(length));
  std::abort();
}

}  // namespace

bool policy_has(Policy flag) noexcept {
  return (static_cast<unsigned>(policy.load(std::memory_order_relaxed)) &
          static_cast<unsigned>(flag)) != 0;
}

Result<std::uint8_t*> bytes_of(const Slot& owned) noexcept {
  const Block* const block = SlotAccess::block(owned);
  if (block == nullptr) return Error::moved_from;
  if (block->arena != this_arena()) return Error::inherited;
  if (is_purged(*block, SlotAccess::index(owned))) return Error::purged;
  return slot(*block, SlotAccess::index(owned));
}

Result<std::uint8_t*> bytes_shared_by_parent(const Slot& owned) noexcept {
  const Block* const block = SlotAccess::block(owned);
  if (block == nullptr) return Error::moved_from;
  if (block->chunk->fork != Fork::share) return Error::inherited;
  return slot(*block, 0);
}

bool is_still_shared(const Slot& owned) noexcept { return is_whole(*SlotAccess::block(owned), 0); }

Result<void> set_writable(const Slot& owned, bool writable) noexcept {
  const auto bytes = bytes_of(owned);
  if (!bytes) return bytes.error();
  const Block& block = *SlotAccess::block(owned);
  if (!block.chunk->single) return {};
  const Held held(*block.arena);  // not while a purge is at work on these pages
  if (!set_pages_writable(*block.chunk, writable)) return Error::memory_not_protected;
  return {};
}

bool is_locked(const Slot& owned) noexcept {
  const Block* const block = SlotAccess::block(owned);
  return block != nullptr && block->chunk->mapping.locked;
}

void visit_slots(void (*visitor)(void* context, const SlotView&), void* context) noexcept {
  Arena* const arena = this_arena();
  if (arena == nullptr) return;
  const Held held(*arena);
  for (const Chunk* chunk = arena->chunks; chunk != nullptr; chunk = chunk->next) {
    for (std::size_t i = 0; i < chunk->block_count; ++i) {
      const Block& block = chunk->blocks[i];
      const std::uint64_t free = block.free.load();
      for (std::uint32_t index = 0; (block.all & bit_of(index)) != 0; ++index) {
        visitor(context, {slot(block, index), chunk->layout.size, (free & bit_of(index)) == 0,
                          chunk->mapping.locked});
      }
    }
  }
}

}  // namespace memory

void internal::SecretSlot::release() noexcept {
  auto& block = *static_cast<memory::Block*>(block_);
  if (block.arena != memory::this_arena()) return;  // the parent's
  const OpenSecrets open(OpenSecrets::Rights::write);
  if (!memory::is_purged(block, index_) && !memory::is_whole(block, index_)) {
    memory::abort_for_canary(block.chunk->layout.size);
  }
  // Pages that cannot be thawed are unmapped as they are.
  if (!block.chunk->single || memory::set_pages_writable(*block.chunk, true)) {
    memory::wipe_slot(block, index_);
  }
  memory::give_back(block, index_);
}

void set_memory_policy(Policy policy) noexcept {
  memory::policy.store(policy, std::memory_order_relaxed);
  if (!memory::policy_has(Policy::protection_keys) || !memory::acquire_protection_key()) return;
  memory::Arena* const arena = memory::this_arena();
  if (arena == nullptr) return;
  const memory::Held held(*arena);  // what is mapped from here on is protected from the start
  for (const memory::Chunk* chunk = arena->chunks; chunk != nullptr; chunk = chunk->next) {
    memory::protect(chunk->mapping.data, chunk->mapping.size, chunk->writable);
  }
}

void purge() noexcept {
  memory::Arena* const arena = memory::this_arena();
  if (arena == nullptr) return;
  const OpenSecrets open(OpenSecrets::Rights::write);
  const memory::Held held(*arena);
  for (memory::Chunk* chunk = arena->chunks; chunk != nullptr; chunk = chunk->next) {
    memory::purge_chunk(*chunk);
  }
}

}  // namespace latchkey
