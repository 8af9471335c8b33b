// How much stack each operation needs. A thread of a device or of a musl program may have 128 KiB.

#include <pthread.h>
#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <utility>

#include "api/support.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LATCHKEY_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define LATCHKEY_SANITIZED 1
#endif
#endif

namespace latchkey::test {
namespace {

constexpr std::size_t kStackSize = 128 * 1024, kGuardSize = 64 * 1024;
#ifdef __OPTIMIZE__
constexpr std::size_t kLimit = 32 * 1024;  // the largest needs 24
#else
constexpr std::size_t kLimit = 96 * 1024;
#endif

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
std::size_t stack_used(F f) {
  f();  // once before, so that the dynamic linker has bound what f calls
  Stack stack;
  stack.run(f);
  return stack.used();
}

// `f` returns true on success. The thread's own needs (its control block) are not counted.
template <class F>
void require_modest(const char* what, F f) {
  const std::size_t idle = stack_used([] {});
  bool good = false;
  const std::size_t used = stack_used([&] { good = f(); }) - idle;
  std::printf("stack: %-30s %6zu bytes\n", what, used);
  CAPTURE(what, used);
  REQUIRE(good);
  CHECK(used < kLimit);
}

#ifndef LATCHKEY_SANITIZED
TEST_CASE("The measurement sees what a function writes to its stack") {
  const auto idle = stack_used([] {});
  const auto used = stack_used([] {
    volatile std::uint8_t frame[20'000];
    for (auto& byte : frame) byte = 1;
  });
  REQUIRE(used - idle > 19'000);  // an idle thread is not quite idle
  REQUIRE(used - idle < 21'000);
}
#endif

TEST_CASE("Every operation works on a thread with 128 KiB of stack; optimised, it needs below 32") {
#ifdef LATCHKEY_SANITIZED
  WARN("not measured: a sanitizer has stack frames of its own");
#else
  Random random;
  const KeyMaterial alice(random);
  const auto& ek = alice.key.encapsulation_key();
  const auto m = random.bytes<32>();
  const auto sent = derand::encapsulate(ek, m);
  REQUIRE(sent.has_value());
  std::array<std::uint8_t, kSeedSize> seed;
  std::array<std::uint8_t, kDecapsulationKeySize> expanded;

  require_modest("generate", [] { return DecapsulationKey::generate().has_value(); });
  require_modest("generate, with the test",
                 [] { return DecapsulationKey::generate(PairwiseTest::run).has_value(); });
  require_modest("from_seed", [&] { return DecapsulationKey::from_seed(alice.seed).has_value(); });
  require_modest("import_expanded",
                 [&] { return DecapsulationKey::import_expanded(alice.expanded).has_value(); });
  require_modest("parse", [&] { return EncapsulationKey::parse(alice.ek).has_value(); });
  require_modest("clone", [&] { return ek.clone().has_value(); });
  require_modest("encapsulate", [&] { return ek.encapsulate().has_value(); });
  require_modest("derand::encapsulate", [&] { return derand::encapsulate(ek, m).has_value(); });
  require_modest("decapsulate",
                 [&] { return alice.key.decapsulate(sent->ciphertext).has_value(); });
  require_modest("decapsulate_with_expanded_key", [&] {
    return decapsulate_with_expanded_key(alice.expanded, sent->ciphertext).has_value();
  });
  require_modest("export_seed", [&] { return alice.key.export_seed(seed).has_value(); });
  require_modest("export_expanded",
                 [&] { return alice.key.export_expanded(expanded).has_value(); });
  require_modest("self_test", [] { return self_test().has_value(); });
#endif
}

}  // namespace
}  // namespace latchkey::test
