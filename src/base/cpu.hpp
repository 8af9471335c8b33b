// What the CPU and the operating system offer to vector code.
#pragma once

namespace latchkey::base {

struct CpuFeatures {
  bool avx = false;     // 256-bit registers, saved by the system
  bool avx2 = false;    // with BMI1, BMI2 and POPCNT, and registers saved by the system
  bool avx512 = false;  // the above, with AVX-512F, BW and VL
};

// Asks the CPU. All false where it is not an x86.
CpuFeatures cpu_features() noexcept;

}  // namespace latchkey::base
