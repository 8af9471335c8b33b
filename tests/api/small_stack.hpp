// Threads with as little stack as the library promises to need, and how much of it was used.
#pragma once

#include <pthread.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace latchkey::test {

// Of the whole stack; the thread's control block and what libc puts there are in it. Unoptimised,
// each inlined function has a frame of its own.
#if defined(__OPTIMIZE__) && !defined(LATCHKEY_UNOPTIMISED)
inline constexpr std::size_t kStackSize = 64 * 1024;
#else
inline constexpr std::size_t kStackSize = 256 * 1024;
#endif
inline constexpr std::size_t kGuardSize = 64 * 1024;

// A stack with a guard below it: who goes past its end dies of SIGSEGV.
class Stack {
 public:
  Stack()
      : memory_(static_cast<std::uint8_t*>(mmap(nullptr, kGuardSize + kStackSize,
                                                PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                                                -1, 0))) {
    if (memory_ == MAP_FAILED || mprotect(memory_, kGuardSize, PROT_NONE) != 0) std::abort();
    std::memset(bottom(), kPaint, kStackSize);
  }
  ~Stack() { munmap(memory_, kGuardSize + kStackSize); }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  // Runs f on this stack.
  template <class F>
  void run(F& f) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, bottom(), kStackSize);
    pthread_t thread;
    const auto body = [](void* function) -> void* {
      (*static_cast<F*>(function))();
      return nullptr;
    };
    if (pthread_create(&thread, &attributes, body, &f) != 0) std::abort();
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
  }

  // From the deepest byte that was written up to the top.
  [[nodiscard]] std::size_t used() const {
    std::size_t untouched = 0;
    while (untouched < kStackSize && bottom()[untouched] == kPaint) ++untouched;
    return kStackSize - untouched;
  }

 private:
  static constexpr std::uint8_t kPaint = 0xc5;
  [[nodiscard]] std::uint8_t* bottom() const { return memory_ + kGuardSize; }

  std::uint8_t* memory_;
};

template <class F>
std::size_t stack_used(F& f) {
  Stack stack;
  stack.run(f);
  return stack.used();
}

}  // namespace latchkey::test
