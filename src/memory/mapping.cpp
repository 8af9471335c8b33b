#include "memory/mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/secrecy.hpp"
#include "memory/protection.hpp"

namespace latchkey::memory {
namespace {

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447  // one number for all architectures; younger than many a libc
#endif

// Moves the pages of a secret file over reserved ones. Mapping them there at once could fail with
// the reservation gone, and then another thread's memory may be in its place. The mapping outlives
// the descriptor, which is closed by number because close(3) is a cancellation point.
bool place_secret_file(void* pages, std::size_t size) noexcept {
  if (base::kForConstantTimeCheck) return false;  // valgrind 3.19 does not know the system call
  const int file = static_cast<int>(syscall(SYS_memfd_secret, O_CLOEXEC));
  if (file < 0) return false;
  void* const fresh = ftruncate(file, static_cast<off_t>(size)) == 0
                          ? mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
                          : MAP_FAILED;
  syscall(SYS_close, long{file});
  if (fresh == MAP_FAILED) return false;
  if (mremap(fresh, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, pages) == pages) return true;
  munmap(fresh, size);
  return false;
}

bool make_accessible(void* pages, std::size_t size) noexcept {
  return mprotect(pages, size, PROT_READ | PROT_WRITE) == 0;
}

// An unprivileged process may lock as much as its soft limit says, and raise that to the hard one.
bool raise_lock_limit() noexcept {
  rlimit limit;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return false;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_MEMLOCK, &limit) == 0;
}

bool place_locked(void* pages, std::size_t size) noexcept {
  return place_secret_file(pages, size) ||
         (make_accessible(pages, size) && mlock(pages, size) == 0);
}

enum class Placed : bool { unlocked, locked };

Result<Placed> place(void* pages, std::size_t size, Locking locking) noexcept {
  if (place_locked(pages, size)) return Placed::locked;
  if (raise_lock_limit() && place_locked(pages, size)) return Placed::locked;
  if (locking == Locking::required) return Error::memory_not_locked;
  if (!make_accessible(pages, size)) return Error::no_memory;
  return Placed::unlocked;
}

// A privileged process may map more than there is, and would be killed when it uses it. Not by
// sysconf(3), which makes something up where a sandbox refuses the system call.
std::size_t physical_memory() noexcept {
  struct sysinfo info;
  std::size_t bytes;
  const bool known = sysinfo(&info) == 0 &&
                     !__builtin_mul_overflow(std::size_t{info.totalram}, info.mem_unit, &bytes);
  return known ? bytes : SIZE_MAX;
}

// A hidden one is not in the child at all, its guard pages neither.
bool hide(std::uint8_t* start, std::size_t size, Fork fork) noexcept {
  return madvise(start, size, MADV_DONTDUMP) == 0 &&
         (fork == Fork::share || madvise(start, size, MADV_DONTFORK) == 0);
}

}  // namespace

std::size_t page_size() noexcept { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

Result<Mapping> map_pages(std::size_t size, Locking locking, Fork fork) noexcept {
  if (size > physical_memory()) return Error::no_memory;
  const std::size_t guard = page_size(), whole = size + 2 * guard;
  const int sharing = fork == Fork::share ? MAP_SHARED : MAP_PRIVATE;
  void* const reserved =
      mmap(nullptr, whole, PROT_NONE, sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return Error::no_memory;
  auto* const start = static_cast<std::uint8_t*>(reserved);
  const auto placed = place(start + guard, size, locking);
  if (!placed) {
    munmap(start, whole);
    return placed.error();
  }
  if (!hide(start, whole, fork) || !protect(start + guard, size, true)) {
    munmap(start, whole);
    return Error::memory_not_protected;
  }
  return Mapping{start + guard, size, *placed == Placed::locked};
}

void unmap(const Mapping& mapping) noexcept {
  const std::size_t guard = page_size();
  munmap(mapping.data - guard, mapping.size + 2 * guard);
}

}  // namespace latchkey::memory
