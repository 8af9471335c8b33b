#include "base/wipe.hpp"

#ifdef __linux__
#include <sys/auxv.h>
#endif

#include <atomic>

#include "base/cpu.hpp"
#include "base/mask.hpp"
#include "base/stack.hpp"

#ifdef __x86_64__

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

namespace latchkey::base {
namespace {

// The kernel leaves a function's red zone alone, and writes its frame below.
constexpr std::size_t kRedZone = 128;
// A handler begins by saving registers that it must preserve, and the interrupted function's values
// are in them.
constexpr std::size_t kHandlerFrames = 1024;
// If the kernel does not tell the size: room for the general registers, siginfo_t and padding.
constexpr std::size_t kFrameBesideVectors = 2048;

constinit std::atomic<std::size_t> found_depth{0};

}  // namespace

std::size_t signal_depth() noexcept {
  const std::size_t found = found_depth.load(std::memory_order_relaxed);
  if (found != 0) return found;
  std::size_t frame = 0;
#ifdef AT_MINSIGSTKSZ
  frame = getauxval(AT_MINSIGSTKSZ);
#endif
  if (frame == 0) frame = saved_registers_size() + kFrameBesideVectors;
  frame += kRedZone + kHandlerFrames;
  found_depth.store(frame, std::memory_order_relaxed);
  return frame;
}

// One function and one frame: kStackGap has room for no more.
void wipe_stack_and_registers(std::size_t depth) noexcept {
  clear_registers();
  const std::size_t size = depth + signal_depth();
  wipe(__builtin_alloca(size), size);
  clear_registers();
}

void copy_secret(void* to, const void* from, std::size_t size) noexcept {
  if (size == 0) return;  // the data of an empty span may be null
  run_and_wipe<kCopyDepth>([=]() noexcept { return std::memcpy(to, from, size) != nullptr; });
}

std::uint64_t secrets_differ(const std::uint8_t* a, const std::uint8_t* b,
                             std::size_t size) noexcept {
  return run_and_wipe<kCopyDepth>(
      [=]() noexcept { return Mask<std::uint64_t>::if_nonzero(difference(a, b, size)).bits(); });
}

}  // namespace latchkey::base
