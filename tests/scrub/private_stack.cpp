#include "scrub/private_stack.hpp"

#include <cstdlib>
#include <cstring>

#include "base/cpu.hpp"

#ifdef __x86_64__

// void latchkey_call_and_record(void (*function)(void*), void* argument, Registers* to, int level):
// clears the registers, calls, and writes down what each register holds after the call. In
// assembly, so that nothing comes between. `level` says what the CPU has: 0 SSE2, 1 AVX, 2 AVX-512.
asm(R"(
  .text
  .globl latchkey_call_and_record
  .type latchkey_call_and_record, @function
latchkey_call_and_record:
  pushq %rbx
  pushq %rbp
  pushq %r12
  movq %rdx, %rbx
  movl %ecx, %ebp
  movq %rdi, %rax
  movq %rsi, %rdi
  .irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  pxor %xmm\i, %xmm\i
  .endr
  cmpl $1, %ebp
  jb 1f
  vzeroall
  je 1f
  .irp i, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  vpxorq %zmm\i, %zmm\i, %zmm\i
  .endr
  .irp i, 0, 1, 2, 3, 4, 5, 6, 7
  kxorw %k\i, %k\i, %k\i
  .endr
1:
  .irp r, ecx, edx, esi, r8d, r9d, r10d, r11d
  xorl %\r, %\r
  .endr
  call *%rax
  movq %rax, 2112(%rbx)
  movq %rcx, 2120(%rbx)
  movq %rdx, 2128(%rbx)
  movq %rsi, 2136(%rbx)
  movq %rdi, 2144(%rbx)
  movq %r8, 2152(%rbx)
  movq %r9, 2160(%rbx)
  movq %r10, 2168(%rbx)
  movq %r11, 2176(%rbx)
  movq %r12, 2184(%rbx)
  movq %r13, 2192(%rbx)
  movq %r14, 2200(%rbx)
  movq %r15, 2208(%rbx)
  movq %rbx, 2216(%rbx)
  movq %rbp, 2224(%rbx)
  cmpl $1, %ebp
  ja 2f
  je 1f
  .irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  movdqu %xmm\i, 64*\i(%rbx)
  .endr
  jmp 3f
1:
  .irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  vmovdqu %ymm\i, 64*\i(%rbx)
  .endr
  jmp 3f
2:
  .irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  vmovdqu64 %zmm\i, 64*\i(%rbx)
  .endr
  .irp i, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  vmovdqu64 %zmm\i, 64*\i(%rbx)
  .endr
  .irp i, 0, 1, 2, 3, 4, 5, 6, 7
  kmovq %k\i, 2048+8*\i(%rbx)
  .endr
3:
  popq %r12
  popq %rbp
  popq %rbx
  ret
  .size latchkey_call_and_record, .-latchkey_call_and_record
)");

extern "C" void latchkey_call_and_record(void (*function)(void*), void* argument,
                                         latchkey::test::Registers* to, int level);

static_assert(offsetof(latchkey::test::Registers, masks) == 2048);
static_assert(offsetof(latchkey::test::Registers, general) == 2112);

#endif

namespace latchkey::test {
namespace {

PrivateStack* running;

#ifdef __x86_64__
int level() {
  const auto cpu = base::cpu_features();
  return cpu.avx512 ? 2 : cpu.avx2 ? 1 : 0;
}
#endif

}  // namespace

PrivateStack::PrivateStack()
    : memory_(static_cast<std::uint8_t*>(std::aligned_alloc(4096, kSize))) {
  if (memory_ == nullptr) std::abort();
}

void PrivateStack::body() {
  PrivateStack& self = *running;
#ifdef __x86_64__
  static const int kLevel = level();
  latchkey_call_and_record(self.function_, self.argument_, &self.registers_, kLevel);
#else
  self.function_(self.argument_);
#endif
  swapcontext(&self.there_, &self.here_);
  std::abort();
}

void PrivateStack::start(Function function, void* argument, std::size_t offset) {
  std::memset(memory_.get(), kPaint, kSize);
  std::memset(&registers_, 0, sizeof registers_);
  function_ = function;
  argument_ = argument;
  offset_ = offset;
  running = this;
  getcontext(&there_);
  there_.uc_stack.ss_sp = memory_.get();
  there_.uc_stack.ss_size = kSize - offset;
  there_.uc_link = nullptr;
  makecontext(&there_, &PrivateStack::body, 0);
  swapcontext(&here_, &there_);
}

std::size_t PrivateStack::used() const {
  std::size_t untouched = 0;
  while (untouched < kSize && memory_[untouched] == kPaint) ++untouched;
  return kSize - offset_ - untouched;
}

std::size_t PrivateStack::dirty() const {
  std::size_t count = 0;
  for (const std::uint8_t byte : bytes()) count += byte != kPaint && byte != 0;
  return count;
}

}  // namespace latchkey::test
