#include "base/wipe.hpp"

#ifdef __x86_64__

#include <atomic>

#include "base/cpu.hpp"

namespace latchkey::base {
namespace {

// What is there is cleared whichever backend ran: memcpy works in the widest registers too.
enum class Vectors { unknown, sse2, avx, avx512 };

constinit std::atomic<Vectors> vectors{Vectors::unknown};

Vectors find_vectors() noexcept {
  const CpuFeatures cpu = cpu_features();
  const Vectors found = cpu.avx512 ? Vectors::avx512 : cpu.avx ? Vectors::avx : Vectors::sse2;
  vectors.store(found, std::memory_order_relaxed);
  return found;
}

}  // namespace

// The assembler repeats what stands between .irp and .endr for each value of \r.
void clear_registers() noexcept {
  Vectors have = vectors.load(std::memory_order_relaxed);
  if (have == Vectors::unknown) have = find_vectors();
  if (have == Vectors::sse2) {
    asm volatile(
        ".irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
        "pxor %%xmm\\r, %%xmm\\r\n\t.endr" ::);
  } else {
    asm volatile("vzeroall" ::);
  }
  if (have == Vectors::avx512) {
    asm volatile(
        ".irp r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n\t"
        "vpxorq %%xmm\\r, %%xmm\\r, %%xmm\\r\n\t.endr\n\t"
        ".irp r, 0, 1, 2, 3, 4, 5, 6, 7\n\t"
        "kxorw %%k\\r, %%k\\r, %%k\\r\n\t.endr" ::);
  }
  asm volatile(
      ".irp r, eax, ecx, edx, esi, edi, r8d, r9d, r10d, r11d\n\t"
      "xorl %%\\r, %%\\r\n\t.endr" ::
          : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc", "xmm0", "xmm1",
            "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
            "xmm12", "xmm13", "xmm14", "xmm15");
}

}  // namespace latchkey::base

#else

namespace latchkey::base {

void clear_registers() noexcept {}

}  // namespace latchkey::base

#endif
