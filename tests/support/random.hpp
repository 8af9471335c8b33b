// Random test inputs that can be had again: LATCHKEY_TEST_SEED=N repeats the run that printed N.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace latchkey::test {

// The seed of this process. The first call prints it.
std::uint64_t seed();

class Random {
 public:
  Random() : engine_(seed()) {}
  explicit Random(std::uint64_t fixed_seed) : engine_(fixed_seed) {}

  // Uniform in [low, high].
  template <class T>
  T between(T low, T high) {
    return static_cast<T>(std::uniform_int_distribution<std::int64_t>(
        static_cast<std::int64_t>(low), static_cast<std::int64_t>(high))(engine_));
  }

  void fill(std::span<std::uint8_t> bytes) {
    for (auto& byte : bytes) byte = between<std::uint8_t>(0, 255);
  }

  template <std::size_t N>
  std::array<std::uint8_t, N> bytes() {
    std::array<std::uint8_t, N> result;
    fill(result);
    return result;
  }

  std::vector<std::uint8_t> vector(std::size_t size) {
    std::vector<std::uint8_t> result(size);
    fill(result);
    return result;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace latchkey::test
