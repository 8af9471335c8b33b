#include "memory/process.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>

#include <atomic>
#include <new>

#include "memory/arena.hpp"
#include "memory/ending.hpp"
#include "memory/mapping.hpp"
#include "memory/poison.hpp"

namespace latchkey::memory {
namespace {

// On a page that the kernel zeroes in every child, also in those of clone(2) and _Fork(3), which
// run no handler of ours: they have no arena, a mutex that nobody holds, and no fork() that is
// under way. All zeros is what PTHREAD_MUTEX_INITIALIZER is in glibc and in musl
// (fork_race_test.cpp asks).
struct Owner {
  std::atomic<Arena*> arena{nullptr};
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  std::atomic<std::uint64_t> forks_begun{0};
  std::atomic<std::uint32_t> forks_under_way{0};
  std::atomic<pthread_t> forking{};    // the thread whose fork() began last
  std::uint64_t forks_waited_for = 0;  // forks_begun when a holder of the mutex waited in vain
};
constinit std::atomic<Owner*> owner{nullptr};
constinit std::atomic<bool> kernel_zeroes_it{false};

// The same arena in ordinary memory, for tools that look for leaks; it leads to those of the
// parents, whose objects the child still has. Changed by the holder of the mutex.
constinit std::atomic<Arena*> latest{nullptr};

// How many threads hold the mutex, in ordinary memory. A child begins with what it was in its
// parent: if that was not 0, the parent's lists may be half changed in the child.
constinit std::atomic<std::uint32_t> holders{0};

constinit std::atomic<bool> handlers_registered{false};

// The three handlers of pthread_atfork(3). They lock nothing, and so cannot wait for a thread that
// waits for a handler of somebody else. map_pages() asks what they count.
void prepare_fork() noexcept {
  Owner* const current = owner.load(std::memory_order_acquire);
  if (current == nullptr) return;
  current->forking.store(pthread_self(), std::memory_order_relaxed);
  current->forks_under_way.fetch_add(1, std::memory_order_seq_cst);
  current->forks_begun.fetch_add(1, std::memory_order_seq_cst);
}

void end_fork_in_parent() noexcept {
  Owner* const current = owner.load(std::memory_order_acquire);
  // None is under way if this process is itself the child of a fork() within this one.
  if (current == nullptr || current->forks_under_way.load(std::memory_order_relaxed) == 0) return;
  pthread_t me = pthread_self();
  current->forking.compare_exchange_strong(me, pthread_t{}, std::memory_order_relaxed);
  current->forks_under_way.fetch_sub(1, std::memory_order_seq_cst);
}

// The parent's hidden pages are not here, and something else may come to their place.
void unpoison_parents() noexcept {
#ifdef LATCHKEY_POISONS
  if (holders.load(std::memory_order_relaxed) != 0) return;
  const Arena* arena = latest.load(std::memory_order_acquire);
  for (; arena != nullptr; arena = arena->before) {
    const Chunk* chunk = arena == this_arena() ? nullptr : arena->chunks;
    for (; chunk != nullptr; chunk = chunk->next) {
      unpoison(chunk->mapping.data, chunk->mapping.size);
    }
  }
#endif
}

// Kernels before 4.14 do not zero pages, and a sandbox may refuse to ask for it.
void end_fork_in_child() noexcept {
  Owner* const current = owner.load(std::memory_order_acquire);
  if (current == nullptr) return;
  if (!kernel_zeroes_it.load(std::memory_order_relaxed)) ::new (current) Owner;
  unpoison_parents();
}

// Two threads may register the handlers at the same time; the second registration has no effect. A
// fork() that has already begun to run handlers may not run these: glibc holds its lock while it
// forks, but not while it runs a handler. So the handlers miss one case: a process makes its first
// secret while another thread's fork() is running other code's handler.
bool register_handlers() noexcept {
  if (handlers_registered.load(std::memory_order_acquire)) return true;
  if (pthread_atfork(prepare_fork, end_fork_in_parent, end_fork_in_child) != 0) return false;
  watch_for_exit();
  handlers_registered.store(true, std::memory_order_release);
  return true;
}

Owner* make_owner() noexcept {
  void* const page =
      mmap(nullptr, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return nullptr;
  // Where the kernel cannot, end_fork_in_child() does it for children of fork().
  const bool zeroed = madvise(page, page_size(), MADV_WIPEONFORK) == 0;
  auto* const mine = ::new (page) Owner;
  Owner* current = nullptr;
  if (owner.compare_exchange_strong(current, mine, std::memory_order_acq_rel)) {
    kernel_zeroes_it.store(zeroed, std::memory_order_relaxed);
    return mine;
  }
  munmap(page, page_size());
  return current;
}

}  // namespace

std::uint64_t forks_begun() noexcept {
  return owner.load(std::memory_order_acquire)->forks_begun.load(std::memory_order_seq_cst);
}

// One that hangs is waited for once, and not again for each mapping.
bool wait_for_forks() noexcept {
  constexpr int kMilliseconds = 250;
  Owner& current = *owner.load(std::memory_order_acquire);
  for (int waited = 0;; ++waited) {
    if (current.forks_under_way.load(std::memory_order_seq_cst) == 0) return true;
    const std::uint64_t begun = forks_begun();
    if (current.forks_waited_for == begun) return false;
    if (current.forking.load(std::memory_order_relaxed) == pthread_self()) return false;
    if (waited == kMilliseconds) {
      current.forks_waited_for = begun;
      return false;
    }
    poll(nullptr, 0, 1);
  }
}

Held::Held() noexcept {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &signals_before_);
  pthread_mutex_lock(&owner.load(std::memory_order_acquire)->mutex);
  holders.fetch_add(1, std::memory_order_seq_cst);
}

Held::~Held() {
  holders.fetch_sub(1, std::memory_order_seq_cst);
  pthread_mutex_unlock(&owner.load(std::memory_order_acquire)->mutex);
  pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
}

Arena* this_arena() noexcept {
  Owner* const current = owner.load(std::memory_order_acquire);
  return current == nullptr ? nullptr : current->arena.load(std::memory_order_acquire);
}

Arena* adopt_arena(Arena* arena) noexcept {
  Owner* current = owner.load(std::memory_order_acquire);
  if (current == nullptr) current = make_owner();
  if (current == nullptr || !register_handlers()) return nullptr;
  const Held held;
  if (Arena* const other = current->arena.load(std::memory_order_relaxed)) return other;
  arena->before = latest.load(std::memory_order_relaxed);
  latest.store(arena, std::memory_order_release);
  current->arena.store(arena, std::memory_order_release);
  return arena;
}

void visit_arenas(void (*f)(Arena* arena)) noexcept {
  const bool all = holders.load(std::memory_order_relaxed) == 0;
  for (Arena* one = latest.load(std::memory_order_acquire); one != nullptr;) {
    Arena* const before = one->before;
    if (all || one == this_arena()) f(one);
    one = before;
  }
}

void forget_process() noexcept {
  latest.store(nullptr);
  if (Owner* const last = owner.exchange(nullptr)) munmap(last, page_size());
}

}  // namespace latchkey::memory
