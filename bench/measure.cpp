// Two short loops of known length: what they take tells the clock, and whether the core is shared.
#include "measure.hpp"

#include <sys/resource.h>

#include <chrono>

namespace latchkey::bench {
namespace {

// On x86-64 since Intel's Nehalem and AMD's Zen, and on most 64-bit Arm cores.
constexpr double kMultiplyLatency = 3;

// One pass of either loop, about 5 us.
constexpr int kSteps = 400;

template <class F>
double nanoseconds(F loop) {
  const auto start = std::chrono::steady_clock::now();
  loop();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

double measure_clock() {
  constexpr int kUnrolled = 10;
  std::uint64_t x = 1;
  const double time = nanoseconds([&] {
    for (int i = 0; i < kSteps; ++i) {
#pragma GCC unroll 10
      for (int j = 0; j < kUnrolled; ++j) {
        x *= x;
        asm volatile("" : "+r"(x));
      }
    }
  });
  return kMultiplyLatency * kSteps * kUnrolled / time;
}

double measure_width() {
  constexpr int kUnrolled = 20;
  std::uint64_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;
  const double time = nanoseconds([&] {
    for (int i = 0; i < kSteps; ++i) {
#pragma GCC unroll 20
      for (int j = 0; j < kUnrolled; ++j) {
        ++a, ++b, ++c, ++d, ++e, ++f;
        asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
      }
    }
  });
  return 6.0 * kSteps * kUnrolled / time;
}

}  // namespace

Pace measure_pace() { return {measure_clock(), measure_width()}; }

std::int64_t preemptions() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

}  // namespace latchkey::bench
