#include "cold.hpp"

#include <vector>

namespace latchkey::bench {
namespace {

// Of 2026's cores: a second cache of up to 3 MiB, and 4 MiB of the third.
constexpr std::size_t kOtherMemory = std::size_t{8} << 20;
constexpr std::size_t kCacheLine = 64;
constexpr auto kDuration = std::chrono::milliseconds(1);

}  // namespace

void do_other_work() {
  static std::vector<std::uint64_t> memory(kOtherMemory / sizeof(std::uint64_t));
  const auto start = std::chrono::steady_clock::now();
  do {
    for (std::size_t i = 0; i < memory.size(); i += kCacheLine / sizeof(std::uint64_t)) {
      memory[i] = memory[i] * 3 + 1;
    }
    asm volatile("" ::"r"(memory.data()) : "memory");
  } while (std::chrono::steady_clock::now() - start < kDuration);
}

}  // namespace latchkey::bench
