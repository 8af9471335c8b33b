// CPUID and XGETBV (Intel SDM volume 2; volume 1, sections 13.3 and 14.3).

#include "base/cpu.hpp"

#include <cstdint>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace latchkey::base {

#if defined(__x86_64__) || defined(__i386__)

namespace {

// The register states that the operating system saves on a context switch.
std::uint64_t saved_states() noexcept {
  std::uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return std::uint64_t{high} << 32 | low;
}

constexpr bool has(std::uint64_t value, std::uint64_t bits) noexcept {
  return (value & bits) == bits;
}

}  // namespace

CpuFeatures cpu_features() noexcept {
  constexpr std::uint64_t kSseAvx = 0x06, kAvx512 = 0xe0;
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !has(c, bit_OSXSAVE | bit_AVX | bit_POPCNT)) return {};
  const std::uint64_t saved = saved_states();
  if (!has(saved, kSseAvx)) return {};
  CpuFeatures features;
  features.avx = true;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
  features.avx2 = has(b, bit_AVX2 | bit_BMI | bit_BMI2);
  features.adx = features.avx2 && has(b, bit_ADX);
  features.avx512 =
      features.avx2 && has(saved, kAvx512) && has(b, bit_AVX512F | bit_AVX512BW | bit_AVX512VL);
  features.ifma = features.avx512 && has(b, bit_AVX512DQ | bit_AVX512IFMA);
  return features;
}

std::size_t saved_registers_size() noexcept {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !has(c, bit_OSXSAVE)) return 0;
  return __get_cpuid_count(0x0d, 0, &a, &b, &c, &d) ? b : 0;  // of all that XCR0 enables
}

#else

std::size_t saved_registers_size() noexcept { return 0; }

CpuFeatures cpu_features() noexcept { return {}; }

#endif

}  // namespace latchkey::base
