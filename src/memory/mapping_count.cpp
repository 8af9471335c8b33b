#include "memory/mapping_count.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace latchkey::memory {
namespace {

// Calls f with each byte of a file. False if it cannot be read. By number, because open(2), read(2)
// and close(2) are cancellation points.
template <class F>
bool read_file(const char* path, F f) noexcept {
  const long file = syscall(SYS_openat, long{AT_FDCWD}, path, long{O_RDONLY | O_CLOEXEC}, 0L);
  if (file < 0) return false;
  char bytes[4096];
  long got;
  while ((got = syscall(SYS_read, file, bytes, sizeof bytes)) > 0) {
    for (long i = 0; i < got; ++i) f(bytes[i]);
  }
  syscall(SYS_close, file);
  return got == 0;
}

}  // namespace

bool has_too_many_mappings() noexcept {
  std::size_t limit = 0, count = 0;
  const bool known = read_file("/proc/sys/vm/max_map_count",
                               [&](char c) {
                                 if (c >= '0' && c <= '9') {
                                   limit = 10 * limit + static_cast<std::size_t>(c - '0');
                                 }
                               }) &&
                     read_file("/proc/self/maps", [&](char c) { count += c == '\n'; });
  // Dividing one mapping into three takes two more, and mremap(2) wants three to spare.
  constexpr std::size_t kWanted = 5;
  return known && count + kWanted >= limit;
}

}  // namespace latchkey::memory
