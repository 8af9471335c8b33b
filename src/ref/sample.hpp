// Uniform and noise polynomials from bytes (FIPS 203, section 4.2.2), portable.
#pragma once

#include <cstring>
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

// Algorithm 8, SamplePolyCBD_eta: 2 eta bits a coefficient, the sum of eta less the sum of eta.
template <unsigned eta>
void sample_cbd(mlkem::Poly& f, base::In<mlkem::noise_size(eta)> bytes) noexcept {
  constexpr std::size_t kCoefficients = 64 / (8 * eta) * 4;  // whose bits a 64-bit word holds
  constexpr std::size_t kBytes = kCoefficients * 2 * eta / 8;
  constexpr std::uint64_t kEveryEtaBits = [] {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 2 * kCoefficients; ++i) bits |= std::uint64_t{1} << eta * i;
    return bits;
  }();
  constexpr std::uint64_t kOneSum = (1u << eta) - 1;
  for (std::size_t i = 0; i < mlkem::kN; i += kCoefficients) {
    std::uint8_t padded[8] = {};
    std::memcpy(padded, &bytes[i / kCoefficients * kBytes], kBytes);
    const std::uint64_t word = base::load_le64(padded);
    std::uint64_t sums = 0;
    for (unsigned j = 0; j < eta; ++j) sums += word >> j & kEveryEtaBits;
    for (std::size_t j = 0; j < kCoefficients; ++j) {
      const auto x = static_cast<std::int16_t>(sums >> 2 * eta * j & kOneSum);
      const auto y = static_cast<std::int16_t>(sums >> (2 * eta * j + eta) & kOneSum);
      f.c[i + j] = static_cast<std::int16_t>(x - y);
    }
  }
}

}  // namespace
}  // namespace latchkey::ref
