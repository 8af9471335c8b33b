// Fixed inputs, the same for every candidate.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

namespace latchkey::bench {

template <std::size_t N>
using Bytes = std::array<std::uint8_t, N>;

class Inputs {
 public:
  void fill(std::span<std::uint8_t> bytes) {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(engine_());
  }

  // Coefficients from -bound to bound.
  template <class Polynomial>
  void fill(Polynomial& poly, int bound) {
    std::uniform_int_distribution<int> coefficient(-bound, bound);
    for (auto& c : poly.c) c = static_cast<std::int16_t>(coefficient(engine_));
  }

 private:
  std::mt19937_64 engine_{768};
};

}  // namespace latchkey::bench
