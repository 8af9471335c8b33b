#include "provider/counters.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "provider/object.hpp"

namespace latchkey::provider {
namespace {

// The file's pages, or null.
Counters* map(CountersFile& file) noexcept {
  struct stat found;
  if (fstat(file.descriptor, &found) != 0) return nullptr;
  file.device = found.st_dev;
  file.inode = found.st_ino;
  if (!S_ISREG(found.st_mode) || (found.st_size != 0 && found.st_size != sizeof(Counters)) ||
      ftruncate(file.descriptor, sizeof(Counters)) != 0) {
    return nullptr;
  }
  void* const pages =
      mmap(nullptr, sizeof(Counters), PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0);
  return pages == MAP_FAILED ? nullptr : static_cast<Counters*>(pages);
}

// Whether it has our magic number. An empty file gets it: of several processes that make it at
// once, each writes the same.
bool is_ours(Counters& counters) noexcept {
  std::uint64_t magic = 0;
  return counters.magic.compare_exchange_strong(magic, text::kCountersMagic) ||
         magic == text::kCountersMagic;
}

// The file's pages are not there any more where somebody has truncated it: a touch would end the
// process. Then they are made again.
bool is_whole(const CountersFile& file) noexcept {
  struct stat now;
  if (fstat(file.descriptor, &now) != 0 || now.st_dev != file.device || now.st_ino != file.inode) {
    return false;
  }
  return now.st_size == sizeof(Counters) ||
         (now.st_size == 0 && ftruncate(file.descriptor, sizeof(Counters)) == 0 &&
          is_ours(*file.mapped));
}

bool is_switched_off() noexcept {
  const char* const value = secure_getenv(text::kCountersVariable);
  return value != nullptr && std::strcmp(value, "off") == 0;
}

}  // namespace

void open_counters(Context& context) noexcept {
  const char* const path = context.settings.counters;
  // 0644: the numbers are for every operator to read.
  const int descriptor =
      path == nullptr || is_switched_off()
          ? -1
          : open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
  if (descriptor < 0) return;
  auto* const file = make<CountersFile>(nullptr, descriptor, dev_t{}, ino_t{});
  if (file == nullptr) {
    close(descriptor);
    return;
  }
  context.counters = file;
  file->mapped = map(*file);
  if (file->mapped == nullptr || !is_ours(*file->mapped)) close_counters(context);
}

void close_counters(Context& context) noexcept {
  CountersFile* const file = context.counters;
  if (file == nullptr) return;
  context.counters = nullptr;
  struct stat now;  // the descriptor may be another file's by now
  if (fstat(file->descriptor, &now) == 0 && now.st_dev == file->device &&
      now.st_ino == file->inode) {
    close(file->descriptor);
  }
  if (file->mapped != nullptr) munmap(file->mapped, sizeof(Counters));
  destroy(file);
}

void count(const Context& context, std::size_t group, Side side) noexcept {
  if (context.counters == nullptr || !is_whole(*context.counters)) return;
  context.counters->mapped->of[group][static_cast<int>(side)].fetch_add(1,
                                                                        std::memory_order_relaxed);
}

}  // namespace latchkey::provider
