#include "memory/mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/secrecy.hpp"
#include "memory/mapping_count.hpp"
#include "memory/poison.hpp"
#include "memory/policy.hpp"
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
  if (policy_has(Policy::no_memfd_secret)) return false;
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

bool place_locked(void* pages, std::size_t size, Fork fork) noexcept {
  return (fork == Fork::hide && place_secret_file(pages, size)) ||
         (make_accessible(pages, size) && mlock(pages, size) == 0);
}

// Both ways to locked memory divide the reservation into three mappings. mprotect(2) to readable
// pages takes nothing but that.
Error why_not_locked(void* pages, std::size_t size) noexcept {
  const bool divided = mprotect(pages, size, PROT_READ) == 0;
  return !divided && has_too_many_mappings() ? Error::too_many_mappings : Error::memory_not_locked;
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
         (fork == Fork::copy || madvise(start, size, MADV_DONTFORK) == 0);
}

Result<void> place_protected(std::uint8_t* start, std::size_t size, Fork fork) noexcept {
  const std::size_t guard = page_size();
  std::uint8_t* const pages = start + guard;
  const auto lock = [&] { return place_locked(pages, size, fork); };
  if (!lock() && !(raise_lock_limit() && lock())) {
    return why_not_locked(pages, size);
  }
  if (!hide(start, size + 2 * guard, fork)) return Error::memory_not_protected;
  return {};
}

// Ordinary memory: a child that it cannot be hidden from has a copy, and does not see what the
// parent writes later.
Result<void> place_as_granted(std::uint8_t* start, std::size_t size, Fork fork) noexcept {
  const std::size_t guard = page_size();
  if (!make_accessible(start + guard, size)) {
    return has_too_many_mappings() ? Error::too_many_mappings : Error::no_memory;
  }
  static_cast<void>(mlock(start + guard, size));
  static_cast<void>(hide(start, size + 2 * guard, fork));
  return {};
}

}  // namespace

std::size_t page_size() noexcept { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

Result<Mapping> map_pages(std::size_t size, Protection protection, Fork fork) noexcept {
  if (size > physical_memory()) return Error::no_memory;
  const std::size_t guard = page_size(), whole = size + 2 * guard;
  void* const reserved =
      mmap(nullptr, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) {
    return has_too_many_mappings() ? Error::too_many_mappings : Error::no_memory;
  }
  auto* const start = static_cast<std::uint8_t*>(reserved);
  const bool required = protection == Protection::required;
  auto placed = required ? place_protected(start, size, fork) : place_as_granted(start, size, fork);
  if (placed && !protect(start + guard, size, true)) placed = Error::memory_not_protected;
  if (!placed) {
    munmap(start, whole);
    return placed.error();
  }
  return Mapping{start + guard, size, required};
}

bool lock_again(const Mapping& mapping) noexcept {
  const auto lock = [&] { return mlock(mapping.data, mapping.size) == 0; };
  return lock() || (raise_lock_limit() && lock());
}

void unmap(const Mapping& mapping) noexcept {
  const std::size_t guard = page_size();
  unpoison(mapping.data, mapping.size);  // something else may come to this place
  munmap(mapping.data - guard, mapping.size + 2 * guard);
}

}  // namespace latchkey::memory
