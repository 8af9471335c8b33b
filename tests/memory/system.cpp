#include "memory/system.hpp"

#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <atomic>
#include <cstdarg>
#include <cstddef>

namespace latchkey::test {
namespace {

std::atomic<const Interposed::Refuses*> current{nullptr};

bool refused(Call call, long what = 0) {
  const auto* const refuses = current.load();
  return refuses != nullptr && (*refuses)(call, what);
}

// -1, as of a call that fails.
int without_memory() {
  errno = ENOMEM;
  return -1;
}

}  // namespace

Interposed::Interposed(Refuses refuses) : refuses_(std::move(refuses)) { current = &refuses_; }
Interposed::~Interposed() { current = nullptr; }

}  // namespace latchkey::test

using latchkey::test::Call;
using latchkey::test::refused;
using latchkey::test::without_memory;

extern "C" {

void* __real_aligned_alloc(std::size_t alignment, std::size_t size);
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  return refused(Call::aligned_alloc) ? nullptr : __real_aligned_alloc(alignment, size);
}

ssize_t __real_getrandom(void* to, std::size_t size, unsigned flags);
ssize_t __wrap_getrandom(void* to, std::size_t size, unsigned flags) {
  return refused(Call::getrandom) ? without_memory() : __real_getrandom(to, size, flags);
}

// What getrlimit is for the linker: meson asks for 64-bit offsets.
#ifdef __GLIBC__
#define LATCHKEY_GETRLIMIT(prefix) prefix##getrlimit64
#else
#define LATCHKEY_GETRLIMIT(prefix) prefix##getrlimit
#endif
int LATCHKEY_GETRLIMIT(__real_)(unsigned resource, rlimit* limit);
int LATCHKEY_GETRLIMIT(__wrap_)(unsigned resource, rlimit* limit) {
  return refused(Call::getrlimit) ? without_memory() : LATCHKEY_GETRLIMIT(__real_)(resource, limit);
}

int __real_madvise(void* pages, std::size_t size, int advice);
int __wrap_madvise(void* pages, std::size_t size, int advice) {
  return refused(Call::madvise, advice) ? without_memory() : __real_madvise(pages, size, advice);
}

int __real_mlock(const void* pages, std::size_t size);
int __wrap_mlock(const void* pages, std::size_t size) {
  return refused(Call::mlock) ? without_memory() : __real_mlock(pages, size);
}

int __real_mprotect(void* pages, std::size_t size, int access);
int __wrap_mprotect(void* pages, std::size_t size, int access) {
  return refused(Call::mprotect) ? without_memory() : __real_mprotect(pages, size, access);
}

int __real_munmap(void* pages, std::size_t size);
int __wrap_munmap(void* pages, std::size_t size) {
  return refused(Call::munmap) ? without_memory() : __real_munmap(pages, size);
}

using Handler = void (*)();
int __real_pthread_atfork(Handler prepare, Handler parent, Handler child);
int __wrap_pthread_atfork(Handler prepare, Handler parent, Handler child) {
  return refused(Call::pthread_atfork) ? ENOMEM : __real_pthread_atfork(prepare, parent, child);
}

int __real_pthread_mutex_lock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  return refused(Call::pthread_mutex_lock) ? EINVAL : __real_pthread_mutex_lock(mutex);
}

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...) {
  if (refused(Call::syscall, number)) return without_memory();
  std::va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  return __real_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3],
                        arguments[4], arguments[5]);
}

}  // extern "C"
