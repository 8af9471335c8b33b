#include "memory/protection.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "latchkey/secret_memory.hpp"

namespace latchkey {
namespace memory {
namespace {

// By number, because not every libc has the functions. Intel SDM volume 3, section 4.6.2: two bits
// a key in PKRU, access disabled and write disabled.
#if defined(__x86_64__) && defined(SYS_pkey_alloc)

constexpr std::uint32_t kAccessDisabled = 1, kWriteDisabled = 2;

int allocate_key() noexcept {
  return static_cast<int>(syscall(SYS_pkey_alloc, 0L, long{kAccessDisabled}));
}
void free_key(int key) noexcept { syscall(SYS_pkey_free, long{key}); }
bool protect_with(int key, void* pages, std::size_t size, bool writable) noexcept {
  const long access = writable ? PROT_READ | PROT_WRITE : PROT_READ;
  return syscall(SYS_pkey_mprotect, pages, size, access, long{key}) == 0;
}
std::uint32_t rights() noexcept {
  std::uint32_t pkru, high;
  asm volatile("rdpkru" : "=a"(pkru), "=d"(high) : "c"(0));
  return pkru;
}
// Accesses to memory stay on their side of it.
void set_rights(std::uint32_t pkru) noexcept {
  asm volatile("wrpkru" : : "a"(pkru), "c"(0), "d"(0) : "memory");
}

#else

constexpr std::uint32_t kAccessDisabled = 0, kWriteDisabled = 0;

int allocate_key() noexcept { return -1; }
void free_key(int) noexcept {}
bool protect_with(int, void*, std::size_t, bool) noexcept { return false; }
std::uint32_t rights() noexcept { return 0; }
void set_rights(std::uint32_t) noexcept {}

#endif

constexpr int kNone = -1;
constinit std::atomic<int> key{kNone};

}  // namespace

bool acquire_protection_key() noexcept {
  if (key.load(std::memory_order_acquire) != kNone) return true;
  const int fresh = allocate_key();
  if (fresh < 0) return false;
  int none = kNone;
  if (!key.compare_exchange_strong(none, fresh, std::memory_order_acq_rel)) free_key(fresh);
  return true;
}

void forget_protection_key() noexcept {
  const int last = key.exchange(kNone);
  if (last != kNone) free_key(last);
}

bool protect(void* pages, std::size_t size, bool writable) noexcept {
  const int current = key.load(std::memory_order_acquire);
  return current == kNone || protect_with(current, pages, size, writable);
}

}  // namespace memory

bool has_protection_keys() noexcept {
  return memory::key.load(std::memory_order_acquire) != memory::kNone;
}

// Closed before, if protection keys come into force while it lives. What is open already stays so:
// a function that only reads a secret may be given a place in an opened buffer to write to.
OpenSecrets::OpenSecrets(Rights wish) noexcept : before_(~std::uint32_t{0}) {
  const int key = memory::key.load(std::memory_order_acquire);
  if (key == memory::kNone) [[likely]]
    return;
  const std::uint32_t no_access = memory::kAccessDisabled << 2 * key;
  const std::uint32_t no_write = memory::kWriteDisabled << 2 * key;
  const std::uint32_t now = memory::rights();
  std::uint32_t after = now & ~no_access;
  if (wish == Rights::write) {
    after &= ~no_write;
  } else if ((now & no_access) != 0) {
    after |= no_write;  // an outer scope's right to write stays
  }
  before_ = now;
  if (after != now) memory::set_rights(after);
}

OpenSecrets::~OpenSecrets() {
  const int key = memory::key.load(std::memory_order_acquire);
  if (key == memory::kNone) [[likely]]
    return;
  const std::uint32_t mine = (memory::kAccessDisabled | memory::kWriteDisabled) << 2 * key;
  const std::uint32_t now = memory::rights();
  // Only this key's rights: a caller may have changed others meanwhile.
  const std::uint32_t after = (now & ~mine) | (before_ & mine);
  if (after != now) memory::set_rights(after);
}

}  // namespace latchkey
