// A thread with too little stack dies at its guard page: no frame is so large that it jumps over
// the page, to what lies beyond (-fstack-clash-protection).

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/support.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

#ifndef LATCHKEY_SANITIZED

constexpr std::size_t kNeighbour = 128 * 1024, kGuard = 4096, kLargest = 64 * 1024;

// What lies below a guard page of 4 KiB, and above it the stack of a thread.
class Neighbour {
 public:
  Neighbour()
      : memory_(static_cast<std::uint8_t*>(mmap(nullptr, kNeighbour + kGuard + kLargest,
                                                PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                                                -1, 0))) {
    if (memory_ == MAP_FAILED || mprotect(memory_ + kNeighbour, kGuard, PROT_NONE) != 0) {
      std::abort();
    }
    std::fill_n(memory_, kNeighbour, kPaint);
  }
  ~Neighbour() { munmap(memory_, kNeighbour + kGuard + kLargest); }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;

  // Runs f in a child process, on a thread with so much stack. Returns how the child ended.
  int run(void (*f)(), std::size_t size) {
    const pid_t child = fork();
    if (child == 0) {
      signal(SIGSEGV, SIG_DFL);  // the framework's handler would report it
      const rlimit no_core = {0, 0};
      setrlimit(RLIMIT_CORE, &no_core);
      pthread_attr_t attributes;
      pthread_attr_init(&attributes);
      pthread_t thread;
      const auto body = [](void* function) -> void* {
        reinterpret_cast<void (*)()>(function)();
        return nullptr;
      };
      if (pthread_attr_setstack(&attributes, memory_ + kNeighbour + kGuard, size) != 0 ||
          pthread_create(&thread, &attributes, body, reinterpret_cast<void*>(f)) != 0) {
        _exit(2);
      }
      pthread_join(thread, nullptr);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }

  [[nodiscard]] bool is_whole() const {
    return std::all_of(memory_, memory_ + kNeighbour, [](auto byte) { return byte == kPaint; });
  }

 private:
  static constexpr std::uint8_t kPaint = 0xc5;
  std::uint8_t* memory_;
};

void generate() { (void)DecapsulationKey::generate(); }
void test_itself() { (void)self_test(); }
void open_expanded() {
  static const std::array<std::uint8_t, kDecapsulationKeySize> key{};
  static const Ciphertext ciphertext{};
  (void)decapsulate_with_expanded_key(key, ciphertext);
}

TEST_CASE("A thread with too little stack dies at its guard page and overwrites nothing beyond") {
  const std::size_t least = static_cast<std::size_t>(sysconf(_SC_THREAD_STACK_MIN));
  std::size_t died = 0;
  for (const auto f : {generate, open_expanded, test_itself}) {
    f();  // before, so that the dynamic linker has bound what it calls
    for (std::size_t size = (least + 15) / 16 * 16; size < kLargest; size += 16 * 37) {
      Neighbour neighbour;
      const int status = neighbour.run(f, size);
      CAPTURE(size, status);
      REQUIRE((status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV)));
      REQUIRE(neighbour.is_whole());
      died += status != 0;
    }
  }
  REQUIRE(died > 10);
}

#endif

}  // namespace
}  // namespace latchkey::test
