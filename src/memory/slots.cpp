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

// Whether an ancestor of this process made the secret, which is not its own. If not, the secret
// belongs to another copy of the library, whose functions the dynamic linker mixed up with those of
// this copy.
void must_be_ancestors(const Block& block) noexcept {
  if (is_ancestors(block.arena)) return;
  constexpr char kLine[] =
      "latchkey: a secret of another copy of the library was used; compile with "
      "-DLATCHKEY_STATIC what uses the static library; all secrets are wiped\n";
  abort_with(kLine, sizeof kLine - 1);
}

// Whether this process has the pages of the secret, its own or a copy.
bool is_here(const Block& block) noexcept {
  if (block.arena == this_arena()) return true;
  must_be_ancestors(block);
  return block.chunk->fork == Fork::copy;
}

// Errors: inherited, memory_not_locked.
Result<void> must_be_usable(const Block& block) noexcept {
  if (!is_here(block)) return Error::inherited;
  if (block.arena == this_arena()) return {};
  take_over_inherited();
  if (block.chunk->lost) return Error::memory_not_locked;
  return {};
}

}  // namespace

Result<std::uint8_t*> bytes_of(const Slot& owned) noexcept {
  const Block* const block = SlotAccess::block(owned);
  if (block == nullptr) return Error::moved_from;
  if (block->arena != this_arena()) LATCHKEY_TRY(must_be_usable(*block));
  if (is_purged(*block, SlotAccess::index(owned))) return Error::purged;
  return slot(*block, SlotAccess::index(owned));
}

Result<void> must_be_inheritable(const Slot& owned) noexcept {
  const Block* const block = SlotAccess::block(owned);
  if (block == nullptr) return Error::moved_from;
  if (block->chunk->fork != Fork::copy) return Error::inherited;
  return {};
}

// Against the fence of purge_chunk(): either the mark is seen here, or the zeros come behind what
// was written.
Result<void> check_after_use(const Slot& owned) noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  LATCHKEY_TRY(bytes_of(owned));
  return {};
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
  return block != nullptr && must_be_usable(*block) && block->chunk->mapping.locked;
}

void visit_slots(void (*visitor)(void* context, const SlotView&), void* context) noexcept {
  if (latest_arena() == nullptr) return;
  const Held held;
  for_each_chunk([&](const Chunk& chunk) {
    for (std::size_t i = 0; i < chunk.block_count; ++i) {
      const Block& block = chunk.blocks[i];
      const std::uint64_t free = block.free.load();
      for (std::uint32_t index = 0; (block.all & bit_of(index)) != 0; ++index) {
        unpoison(slot(block, index), chunk.layout.size);
        visitor(context, {slot(block, index), chunk.layout.size, (free & bit_of(index)) == 0,
                          chunk.mapping.locked});
      }
    }
  });
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
      base::wipe(slot(block, index), chunk.layout.size);
    }
  }
}

void release_slot(Block& block, std::uint32_t index) noexcept {
  if (!is_here(block)) return;
  const OpenSecrets open(OpenSecrets::Rights::write);
  // Frozen pages that cannot be thawed are unmapped as they are.
  if (!block.chunk->single || thaw(block)) {
    // A purge may have put empty pages in the place of frozen ones; before that it sets the mark.
    if (!is_whole(block, index)) {
      std::atomic_thread_fence(std::memory_order_acquire);
      if (!is_purged(block, index)) abort_for_canary(block.chunk->layout.size);
    }
    base::wipe(slot(block, index), block.chunk->layout.size);
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
  if (memory::latest_arena() == nullptr) return;
  const OpenSecrets open(OpenSecrets::Rights::write);
  const memory::Held held;
  memory::Arena* const arena = memory::this_arena();
  if (arena != nullptr) arena->purging.store(true, std::memory_order_seq_cst);
  memory::for_each_chunk(memory::purge_chunk);
  if (arena != nullptr) arena->purging.store(false, std::memory_order_release);
}

}  // namespace latchkey
