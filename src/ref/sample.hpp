// Uniform and noise polynomials from bytes (FIPS 203, section 4.2.2), portable.
#pragma once

#include <span>

#include "mlkem/backend.hpp"

namespace latchkey::ref {
namespace {

// Algorithm 7, SampleNTT, steps 5 to 16, on the bytes at hand.
[[gnu::noinline]] std::size_t reject_vartime(mlkem::NttPoly& a_hat, std::size_t count,
                                             std::span<const std::uint8_t> bytes) noexcept {
  for (std::size_t i = 0; i + 3 <= bytes.size() && count < mlkem::kN; i += 3) {
    const unsigned d1 = bytes[i] | (bytes[i + 1] & 0x0fu) << 8;
    const unsigned d2 = bytes[i + 1] >> 4 | unsigned{bytes[i + 2]} << 4;
    if (d1 < mlkem::kQ) a_hat.c[count++] = static_cast<std::int16_t>(d1);
    if (d2 < mlkem::kQ && count < mlkem::kN) a_hat.c[count++] = static_cast<std::int16_t>(d2);
  }
  return count;
}

// Algorithm 8, SamplePolyCBD_2: four bits a coefficient, the sum of two less the sum of two.
void sample_cbd2(mlkem::Poly& f, base::In<mlkem::kNoiseSize> bytes) noexcept {
  constexpr std::uint64_t kEvenBits = 0x5555555555555555;
  for (std::size_t i = 0; i < mlkem::kN; i += 16) {
    const std::uint64_t word = base::load_le64(&bytes[i / 2]);
    const std::uint64_t sums = (word & kEvenBits) + (word >> 1 & kEvenBits);
    for (std::size_t j = 0; j < 16; ++j) {
      const auto x = static_cast<std::int16_t>(sums >> 4 * j & 3);
      const auto y = static_cast<std::int16_t>(sums >> (4 * j + 2) & 3);
      f.c[i + j] = static_cast<std::int16_t>(x - y);
    }
  }
}

}  // namespace
}  // namespace latchkey::ref
