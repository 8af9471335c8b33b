#include "memory/process.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <atomic>
#include <new>
#include <utility>

#include "memory/arena.hpp"
#include "memory/ending.hpp"
#include "memory/mapping.hpp"
#include "memory/poison.hpp"
#include "memory/policy.hpp"
#include "memory/slots.hpp"

namespace latchkey::memory {
namespace {

// On a page that the kernel zeroes in every child, also in those of clone(2) and _Fork(3), which
// run no handler of ours: they have no arena, and a mutex that nobody holds. All zeros is what
// PTHREAD_MUTEX_INITIALIZER is in glibc and in musl (fork_test.cpp asks).
struct Owner {
  std::atomic<Arena*> arena{nullptr};
  std::atomic<bool> took_over{false};  // what it inherited
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
};
constinit std::atomic<Owner*> owner{nullptr};

// The same arena in ordinary memory, for tools that look for leaks; it leads to those of the
// parents, whose objects the child still has. Changed by the holder of the mutex.
constinit std::atomic<Arena*> latest{nullptr};

constinit std::atomic<bool> handlers_registered{false};

// The thread that holds the mutex from before its fork() until after it, and what it remembers.
constinit std::atomic<pthread_t> forking{};
struct BeforeFork {
  sigset_t signals;
  Arena* arena;
  pthread_mutex_t mutex;
};
constinit BeforeFork before_fork{};

bool is_forking() noexcept { return forking.load(std::memory_order_relaxed) == pthread_self(); }

void lock(Owner& current, sigset_t& signals_before) noexcept {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &signals_before);
  pthread_mutex_lock(&current.mutex);
}

// The three handlers of pthread_atfork(3).
void prepare_fork() noexcept {
  if (is_forking()) return;
  Owner& current = *owner.load(std::memory_order_acquire);
  sigset_t signals;
  lock(current, signals);
  before_fork = {signals, current.arena.load(std::memory_order_relaxed), current.mutex};
  forking.store(pthread_self(), std::memory_order_relaxed);
}

void end_fork_in_parent() noexcept {
  if (!is_forking()) return;
  const sigset_t signals = before_fork.signals;
  forking.store({}, std::memory_order_relaxed);
  pthread_mutex_unlock(&owner.load(std::memory_order_acquire)->mutex);
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
}

// The parent's hidden pages are not here, and something else may come to their place.
void unpoison_chunks(const Arena& arena) noexcept {
  for (const Chunk* chunk = arena.chunks; chunk != nullptr; chunk = chunk->next) {
    unpoison(chunk->mapping.data, chunk->mapping.size);
  }
}

// Under protection keys pages are locked with the rights of this thread, which writes to them then.
void lock_or_lose(Chunk& chunk) noexcept {
  if (chunk.lost || lock_again(chunk.mapping)) return;
  // What was not locked in the parent either was accepted there.
  const bool was_locked = std::exchange(chunk.mapping.locked, false);
  if (!was_locked || policy_has(Policy::best_effort)) return;
  chunk.lost = true;
  purge_chunk(chunk);
}

// Kernels before 4.14 do not zero pages. The handler of somebody else that ran before this one may
// have made a secret of the child's already.
void end_fork_in_child() noexcept {
  if (!is_forking()) return;
  Owner& current = *owner.load(std::memory_order_acquire);
  if (before_fork.arena != nullptr) unpoison_chunks(*before_fork.arena);
  if (current.arena.load() == before_fork.arena) current.arena.store(nullptr);
  current.took_over.store(false);
  current.mutex = before_fork.mutex;  // as this thread locked it
  take_over_inherited();
  pthread_mutex_unlock(&current.mutex);
  forking.store({}, std::memory_order_relaxed);
  pthread_sigmask(SIG_SETMASK, &before_fork.signals, nullptr);
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
  static_cast<void>(madvise(page, page_size(), MADV_WIPEONFORK));
  auto* const mine = ::new (page) Owner;
  Owner* current = nullptr;
  if (owner.compare_exchange_strong(current, mine, std::memory_order_acq_rel)) return mine;
  munmap(page, page_size());
  return current;
}

}  // namespace

Held::Held() noexcept : locked_(!is_forking()) {
  if (locked_) lock(*owner.load(std::memory_order_acquire), signals_before_);
}

Held::~Held() {
  if (!locked_) return;
  pthread_mutex_unlock(&owner.load(std::memory_order_acquire)->mutex);
  pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
}

Arena* this_arena() noexcept {
  Owner* const current = owner.load(std::memory_order_acquire);
  return current == nullptr ? nullptr : current->arena.load(std::memory_order_acquire);
}

Arena* latest_arena() noexcept { return latest.load(std::memory_order_acquire); }

void take_over_inherited() noexcept {
  Owner& current = *owner.load(std::memory_order_acquire);
  if (current.took_over.load(std::memory_order_acquire)) return;
  const OpenSecrets open(OpenSecrets::Rights::write);
  const Held held;
  if (current.took_over.load(std::memory_order_relaxed)) return;
  const Arena* const own = current.arena.load(std::memory_order_relaxed);
  for_each_chunk([&](Chunk& chunk) {
    if (chunk.blocks->arena != own) lock_or_lose(chunk);
  });
  current.took_over.store(true, std::memory_order_release);
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

bool is_ancestors(const Arena* arena) noexcept {
  const Arena* one = latest.load(std::memory_order_acquire);
  while (one != nullptr && one != arena) one = one->before;
  return one != nullptr && one != this_arena();
}

void visit_arenas(void (*f)(Arena* arena)) noexcept {
  for (Arena* one = latest.load(std::memory_order_acquire); one != nullptr;) {
    Arena* const before = one->before;
    f(one);
    one = before;
  }
}

void forget_process() noexcept {
  latest.store(nullptr);
  if (Owner* const last = owner.exchange(nullptr)) munmap(last, page_size());
}

}  // namespace latchkey::memory
