// A stack that nobody else writes to, and the registers as a function on it left them.
#pragma once

#include <ucontext.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

namespace latchkey::test {

// What the registers hold right after a call, in memory of its own. Those that this CPU does not
// have read as zero, and on other CPUs than x86-64 all do.
struct Registers {
  alignas(64) std::uint8_t vectors[32][64];  // zmm0 to zmm31, or the lower parts that exist
  std::uint64_t masks[8];                    // k0 to k7
  std::uint64_t general[15];                 // rax, rcx, rdx, rsi, rdi, r8 to r15, rbx, rbp
};

class PrivateStack {
 public:
  static constexpr std::size_t kSize = 256 * 1024;

  PrivateStack();

  // Calls f on this stack, painted afresh, and with the registers cleared that f need not preserve.
  // The call begins `offset` bytes below the top: 16 times any number, for another alignment.
  template <class F>
  void run(F& f, std::size_t offset = 0) {
    start([](void* function) { (*static_cast<F*>(function))(); }, &f, offset);
  }

  // As they were when f returned.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {memory_.get(), kSize}; }
  [[nodiscard]] const Registers& registers() const { return registers_; }
  [[nodiscard]] std::span<const std::uint8_t> register_bytes() const {
    return {reinterpret_cast<const std::uint8_t*>(&registers_), sizeof registers_};
  }

  // From the top, or from the offset, down to the deepest byte that was written.
  [[nodiscard]] std::size_t used() const;

  // Bytes that are neither paint nor zero.
  [[nodiscard]] std::size_t dirty() const;

 private:
  using Function = void (*)(void*);

  static constexpr std::uint8_t kPaint = 0xc5;

  void start(Function function, void* argument, std::size_t offset);
  static void body();

  // What std::aligned_alloc() gave, which delete[] would not take under sanitizers.
  struct Free {
    void operator()(std::uint8_t* bytes) const noexcept { std::free(bytes); }
  };
  std::unique_ptr<std::uint8_t[], Free> memory_;
  Registers registers_{};
  ucontext_t here_, there_;
  Function function_ = nullptr;
  void* argument_ = nullptr;
  std::size_t offset_ = 0;
};

}  // namespace latchkey::test
