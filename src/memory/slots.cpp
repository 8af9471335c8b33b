// Also purge(), which wipes every secret of the process.
#include "memory/slots.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

#include "base/wipe.hpp"
#include "memory/poison.hpp"

namespace latchkey {
namespace memory {
namespace {

// The caller holds the mutex.
bool set_frozen(Chunk& chunk, bool frozen) noexcept {
  if (chunk.frozen == frozen) return true;
  const int access = frozen ? PROT_READ : PROT_READ | PROT_WRITE;
  if (mprotect(chunk.mapping.data, chunk.mapping.size, access) != 0) return false;
  chunk.frozen = frozen;
  return true;
}

bool thaw(Block& block) noexcept {
  const Held held;
  return set_frozen(*block.chunk, false);
}

bool is_purged(const Block& block, std::uint32_t index) noexcept {
  return (block.purged.load(std::memory_order_acquire) & bit_of(index)) != 0;
}

// On pages that a child sees the canary goes first: while it is whole, so are the bytes.
void wipe_slot(const Block& block, std::uint32_t index) noexcept {
  const Chunk& chunk = *block.chunk;
  std::uint8_t* const bytes = slot(block, index);
  if (chunk.fork == Fork::share) {
    base::wipe(bytes - kCanarySize, kCanarySize);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  base::wipe(bytes, chunk.layout.size);
}

// Owners may be at work on them in other threads: that is why purge() is called. The mark goes
// before the wiping, so that who read wiped bytes finds it afterwards.
void purge_chunk(Chunk& chunk) noexcept {
  for (std::size_t i = 0; i < chunk.block_count; ++i) {
    Block& block = chunk.blocks[i];
    const std::uint64_t in_use = block.all & ~block.free.load(std::memory_order_seq_cst);
    block.purged.fetch_or(in_use, std::memory_order_seq_cst);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (!set_frozen(chunk, false)) {
      // Frozen pages that cannot be thawed are replaced by empty ones.
      mmap(chunk.mapping.data, chunk.mapping.size, PROT_NONE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
      return;
    }
    for (std::uint64_t left = in_use; left != 0; left &= left - 1) {
      const auto index = static_cast<std::uint32_t>(__builtin_ctzll(left));
      unpoison(slot(block, index), chunk.layout.size);  // its new owner may not have come to that
      wipe_slot(block, index);
    }
  }
}

[[noreturn]] void abort_with(const char* line, std::size_t length) noexcept {
  purge();
  [[maybe_unused]] const auto done = write(STDERR_FILENO, line, length);
  std::abort();
}

[[noreturn]] void abort_for_canary(std::size_t size) noexcept {
  char line[128];
  const int length = std::snprintf(
      line, sizeof line,
      "latchkey: memory beside a secret of %zu bytes was overwritten; all secrets are wiped\n",
      size);
  abort_with(line, static_cast<std::size_t>(length));
}

// Whether this process or an ancestor of it made the secret. If not, the secret belongs to another
// copy of the library, whose functions the dynamic linker mixed up with those of this copy.
bool is_ours(const Block& block) noexcept {
  if (block.arena == this_arena()) return true;
  if (is_ancestors(block.arena)) return false;
  constexpr char kLine[] =
      "latchkey: a secret of another copy of the library was used; compile with "
      "-DLATCHKEY_STATIC what uses the static library; all secrets are wiped\n";
  abort_with(kLine, sizeof kLine - 1);
}

}  // namespace

Result<std::uint8_t*> bytes_of(const Slot& owned) noexcept {
  const Block* const block = SlotAccess::block(owned);
  if (block == nullptr) return Error::moved_from;
  if (!is_ours(*block)) return Error::inherited;
  if (is_purged(*block, SlotAccess::index(owned))) return Error::purged;
  return slot(*block, SlotAccess::index(owned));
}

Result<std::uint8_t*> bytes_shared_by_parent(const Slot& owned) noexcept {
  const Block* const block = SlotAccess::block(owned);
  if (block == nullptr) return Error::moved_from;
  if (block->chunk->fork != Fork::share) return Error::inherited;
  return slot(*block, 0);
}

// Against the fence of purge_chunk(): either the mark is seen here, or the zeros come behind what
// was written.
Result<void> check_after_use(const Slot& owned) noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  LATCHKEY_TRY(bytes_of(owned));
  return {};
}

bool is_still_shared(const Slot& owned) noexcept {
  std::atomic_thread_fence(std::memory_order_acquire);
  return is_whole(*SlotAccess::block(owned), 0);
}

Result<void> set_writable(const Slot& owned, bool writable) noexcept {
  LATCHKEY_TRY(bytes_of(owned));
  const Block& block = *SlotAccess::block(owned);
  if (!block.chunk->single) return {};
  const Held held;  // not while a purge is at work on these pages
  if (!set_frozen(*block.chunk, !writable)) return Error::memory_not_protected;
  return {};
}

bool is_locked(const Slot& owned) noexcept {
  const Block* const block = SlotAccess::block(owned);
  return block != nullptr && block->arena == this_arena() && block->chunk->mapping.locked;
}

void visit_slots(void (*visitor)(void* context, const SlotView&), void* context) noexcept {
  Arena* const arena = this_arena();
  if (arena == nullptr) return;
  const Held held;
  for (const Chunk* chunk = arena->chunks; chunk != nullptr; chunk = chunk->next) {
    for (std::size_t i = 0; i < chunk->block_count; ++i) {
      const Block& block = chunk->blocks[i];
      const std::uint64_t free = block.free.load();
      for (std::uint32_t index = 0; (block.all & bit_of(index)) != 0; ++index) {
        unpoison(slot(block, index), chunk->layout.size);
        visitor(context, {slot(block, index), chunk->layout.size, (free & bit_of(index)) == 0,
                          chunk->mapping.locked});
      }
    }
  }
}

void release_slot(Block& block, std::uint32_t index) noexcept {
  if (!is_ours(block)) return;
  const OpenSecrets open(OpenSecrets::Rights::write);
  // Frozen pages that cannot be thawed are unmapped as they are.
  if (!block.chunk->single || thaw(block)) {
    // A purge takes the canary of shared pages, too; before that it sets the mark.
    if (!is_whole(block, index)) {
      std::atomic_thread_fence(std::memory_order_acquire);
      if (!is_purged(block, index)) abort_for_canary(block.chunk->layout.size);
    }
    wipe_slot(block, index);
  }
  give_back(block, index);
}

}  // namespace memory

// Two copies of the library in one process may share this symbol.
void internal::SecretSlot::release() noexcept {
  auto& block = *static_cast<memory::Block*>(block_);
  block.release(block, index_);
}

void purge() noexcept {
  memory::Arena* const arena = memory::this_arena();
  if (arena == nullptr) return;
  const OpenSecrets open(OpenSecrets::Rights::write);
  const memory::Held held;
  arena->purging.store(true, std::memory_order_seq_cst);
  for (memory::Chunk* chunk = arena->chunks; chunk != nullptr; chunk = chunk->next) {
    memory::purge_chunk(*chunk);
  }
  arena->purging.store(false, std::memory_order_release);
}

}  // namespace latchkey
