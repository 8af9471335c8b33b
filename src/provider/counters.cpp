#include "provider/counters.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace latchkey::provider {
namespace {

class File {
 public:
  // 0644: the numbers are for every operator to read.
  explicit File(const char* path) noexcept
      : descriptor_(open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

// The file's counters, or null.
Counters* map(const char* path) noexcept {
  const File file(path);
  struct stat found;
  if (file.descriptor() < 0 || fstat(file.descriptor(), &found) != 0 || !S_ISREG(found.st_mode) ||
      (found.st_size != 0 && found.st_size != sizeof(Counters)) ||
      ftruncate(file.descriptor(), sizeof(Counters)) != 0) {
    return nullptr;
  }
  void* const pages =
      mmap(nullptr, sizeof(Counters), PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor(), 0);
  return pages == MAP_FAILED ? nullptr : static_cast<Counters*>(pages);
}

}  // namespace

void open_counters(Context& context) noexcept {
  if (context.settings.counters == nullptr) return;
  Counters* const counters = map(context.settings.counters);
  if (counters == nullptr) return;
  // Of several processes that make it at once, each writes the same.
  std::uint64_t magic = 0;
  if (counters->magic.compare_exchange_strong(magic, Counters::kMagic) ||
      magic == Counters::kMagic) {
    context.counters = counters;
  } else {
    munmap(counters, sizeof(Counters));
  }
}

void close_counters(Context& context) noexcept {
  if (context.counters != nullptr) munmap(context.counters, sizeof(Counters));
  context.counters = nullptr;
}

}  // namespace latchkey::provider
