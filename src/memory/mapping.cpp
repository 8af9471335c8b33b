#include "memory/mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory/protection.hpp"

namespace latchkey::memory {
namespace {

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447  // one number for all architectures; younger than many a libc
#endif

// Replaces the reserved pages by those of a secret file. The mapping outlives the descriptor.
bool place_secret_file(void* pages, std::size_t size) noexcept {
  const int file = static_cast<int>(syscall(SYS_memfd_secret, O_CLOEXEC));
  if (file < 0) return false;
  const bool placed =
      ftruncate(file, static_cast<off_t>(size)) == 0 &&
      mmap(pages, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) != MAP_FAILED;
  close(file);
  return placed;
}

bool place_memory(void* pages, std::size_t size, Fork fork) noexcept {
  const int sharing = fork == Fork::share ? MAP_SHARED : MAP_PRIVATE;
  return mmap(pages, size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
         MAP_FAILED;
}

// An unprivileged process may lock as much as its soft limit says, and raise that to the hard one.
bool raise_lock_limit() noexcept {
  rlimit limit;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return false;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_MEMLOCK, &limit) == 0;
}

bool place_locked(void* pages, std::size_t size, Fork fork) noexcept {
  if (place_secret_file(pages, size)) return true;
  return place_memory(pages, size, fork) && mlock(pages, size) == 0;
}

Result<bool> place(std::uint8_t* pages, std::size_t size, Locking locking, Fork fork) noexcept {
  if (place_locked(pages, size, fork)) return true;
  if (raise_lock_limit() && place_locked(pages, size, fork)) return true;
  if (locking == Locking::required) return Error::memory_not_locked;
  if (!place_memory(pages, size, fork)) return Error::no_memory;
  return false;
}

// A hidden one is not in the child at all, its guard pages neither.
bool hide(std::uint8_t* start, std::size_t size, Fork fork) noexcept {
  return madvise(start, size, MADV_DONTDUMP) == 0 &&
         (fork == Fork::share || madvise(start, size, MADV_DONTFORK) == 0);
}

}  // namespace

std::size_t page_size() noexcept { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

Result<Mapping> map_pages(std::size_t size, Locking locking, Fork fork) noexcept {
  const std::size_t guard = page_size(), whole = size + 2 * guard;
  void* const reserved =
      mmap(nullptr, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return Error::no_memory;
  auto* const start = static_cast<std::uint8_t*>(reserved);
  const auto locked = place(start + guard, size, locking, fork);
  if (!locked) {
    munmap(start, whole);
    return locked.error();
  }
  if (!hide(start, whole, fork) || !protect(start + guard, size, true)) {
    munmap(start, whole);
    return Error::memory_not_protected;
  }
  return Mapping{start + guard, size, *locked};
}

void unmap(const Mapping& mapping) noexcept {
  const std::size_t guard = page_size();
  munmap(mapping.data - guard, mapping.size + 2 * guard);
}

}  // namespace latchkey::memory
