// What the CPU and the operating system offer to vector code.
#pragma once

#include <cstddef>

namespace latchkey::base {

struct CpuFeatures {
  bool avx = false;     // 256-bit registers, saved by the system
  bool avx2 = false;    // with BMI1, BMI2 and POPCNT, and registers saved by the system
  bool adx = false;     // avx2, with ADX
  bool avx512 = false;  // avx2, with AVX-512F, BW and VL
  bool ifma = false;    // avx512, with AVX-512DQ and IFMA
};

// Bytes that the kernel needs to save all registers of a thread, those of features that the thread
// does not use included. 0 where it is not an x86 with XSAVE.
std::size_t saved_registers_size() noexcept;

// Asks the CPU. All false where it is not an x86.
CpuFeatures cpu_features() noexcept;

}  // namespace latchkey::base
