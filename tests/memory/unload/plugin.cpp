// A plugin with a static copy of the library: load.c loads and unloads it, and is told what the
// copy unmaps (meson.build sends its munmap(2) here).
#include <unistd.h>
#include <latchkey/mlkem768.hpp>

#include <array>
#include <cstdlib>
#include <cstring>

#define VISIBLE extern "C" __attribute__((visibility("default")))

using latchkey::LockedBuffer;

extern "C" int __real_munmap(void* pages, std::size_t size);

namespace {

constexpr std::uint8_t kMark = 0xa5;

int* unwiped = nullptr;
int* unmapped = nullptr;
const std::uint8_t* place = nullptr;
LockedBuffer held, held_large;  // freed by their destructors
LockedBuffer* leaked = nullptr;
bool use_at_the_end = false;

// Static objects of the plugin that use a secret when they go.
struct Last {
  ~Last() {
    if (!use_at_the_end) return;
    const bool there = leaked->read([](auto) {}).has_value();
    const auto made = LockedBuffer::random(32);
    [[maybe_unused]] const auto done = write(STDOUT_FILENO, there && made ? "used\n" : "gone\n", 5);
  }
} last;

LockedBuffer marked(std::size_t size) {
  auto buffer = LockedBuffer::create(size);
  if (!buffer) return {};
  const auto done = buffer->write([](auto bytes) {
    std::memset(bytes.data(), kMark, bytes.size());
    place = bytes.data();
  });
  return done ? std::move(*buffer) : LockedBuffer();
}

// After the library's own: the linker puts an archive behind the objects that need it, and
// destructors run from the last to the first.
[[gnu::destructor(101)]] void look_at_the_end() {
  if (!use_at_the_end) return;
  std::uint8_t all = 0;
  for (int i = 0; i < 32; ++i) all |= place[i];
  [[maybe_unused]] const auto done = write(STDOUT_FILENO, all == 0 ? "wiped\n" : "there\n", 6);
}

}  // namespace

extern "C" int __wrap_munmap(void* pages, std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (unmapped != nullptr && size > 2 * page) {
    const auto* const bytes = static_cast<const std::uint8_t*>(pages);
    int run = 0;  // single bytes like it are in random canaries
    for (std::size_t i = page; i < size - page; ++i) {
      run = bytes[i] == kMark ? run + 1 : 0;
      *unwiped += run >= 8;
    }
    ++*unmapped;
  }
  return __real_munmap(pages, size);
}

// All return 0 if it was done.

VISIBLE int plugin_work() {
  const auto key = latchkey::DecapsulationKey::generate();
  if (!key) return 1;
  const auto sent = key->encapsulation_key().encapsulate();
  if (!sent || !key->decapsulate(sent->ciphertext)) return 2;
  const auto large = LockedBuffer::random(5000);
  return large && latchkey::describe(latchkey::Error::memory_not_locked) != nullptr ? 0 : 3;
}

// Secrets that live when the plugin is unloaded: of static objects, and of one that nobody frees.
VISIBLE int plugin_hold(int* unwiped_bytes, int* unmapped_count) {
  held = marked(32);
  held_large = marked(5000);
  leaked = new LockedBuffer(marked(64));
  new LockedBuffer(marked(6000));
  unwiped = unwiped_bytes;
  unmapped = unmapped_count;
  return leaked->size() == 64 && held_large.size() == 5000 ? 0 : 1;
}

// Says at the exit of the process whether a static object could use a secret, and whether it was
// wiped afterwards, with its page still there.
VISIBLE int plugin_use_at_the_end() {
  leaked = new LockedBuffer(marked(64));
  use_at_the_end = true;
  return leaked->size() == 64 ? 0 : 1;
}

// 1 if protection keys are in force then.
VISIBLE int plugin_protect() {
  const auto done = latchkey::set_memory_policy(latchkey::Policy::protection_keys);
  return done && latchkey::has_protection_keys() ? 1 : 0;
}
