#include "memory/process.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <atomic>
#include <new>

#include "memory/arena.hpp"
#include "memory/mapping.hpp"

namespace latchkey::memory {
namespace {

// On a page that the kernel zeroes in every child, also in those of clone(2) and _Fork(3), which
// run no handler of ours.
using Owner = std::atomic<Arena*>;
constinit std::atomic<Owner*> owner{nullptr};

// The same in ordinary memory, for tools that look for leaks; it leads to those of the parents,
// whose objects the child still has.
constinit std::atomic<Arena*> latest{nullptr};

void forget_arena() noexcept {
  Owner* const current = owner.load(std::memory_order_acquire);
  if (current != nullptr) current->store(nullptr);
}

// Kernels before 4.14 do not zero pages.
bool forget_in_children(void* page) noexcept {
  return madvise(page, page_size(), MADV_WIPEONFORK) == 0 ||
         pthread_atfork(nullptr, nullptr, forget_arena) == 0;
}

Owner* make_owner() noexcept {
  void* const page =
      mmap(nullptr, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return nullptr;
  auto* const mine = ::new (page) Owner(nullptr);
  Owner* current = nullptr;
  if (forget_in_children(page) &&
      owner.compare_exchange_strong(current, mine, std::memory_order_acq_rel)) {
    return mine;
  }
  munmap(page, page_size());
  return current;
}

}  // namespace

Arena* this_arena() noexcept {
  Owner* const current = owner.load(std::memory_order_acquire);
  return current == nullptr ? nullptr : current->load(std::memory_order_acquire);
}

Arena* adopt_arena(Arena* arena) noexcept {
  Owner* current = owner.load(std::memory_order_acquire);
  if (current == nullptr) current = make_owner();
  if (current == nullptr) return nullptr;
  Arena* other = nullptr;
  if (!current->compare_exchange_strong(other, arena, std::memory_order_acq_rel)) return other;
  arena->before = latest.exchange(arena);
  return arena;
}

}  // namespace latchkey::memory
