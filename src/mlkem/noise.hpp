// What G and the PRF give (FIPS 203, section 4.1), by the names that the algorithms use.
#pragma once

#include "mlkem/backend.hpp"

namespace latchkey::mlkem {

// The output of PRF_2 from which Algorithm 8, SamplePolyCBD_2, samples one polynomial.
using NoiseBytes = std::array<std::uint8_t, kNoiseSize>;

// Those for s and e of Algorithm 13, steps 8 to 15: nonces 0 to 2 k - 1.
struct KeyNoise {
  NoiseBytes prf[2 * kK];

  [[gnu::always_inline]] const NoiseBytes& s(std::size_t i) const noexcept { return prf[i]; }
  [[gnu::always_inline]] const NoiseBytes& e(std::size_t i) const noexcept { return prf[kK + i]; }
};

// Those for y, e1 and e2 of Algorithm 14, steps 9 to 17: nonces 0 to 2 k.
struct EncryptionNoise {
  NoiseBytes prf[2 * kK + 1];

  [[gnu::always_inline]] const NoiseBytes& y(std::size_t i) const noexcept { return prf[i]; }
  [[gnu::always_inline]] const NoiseBytes& e1(std::size_t i) const noexcept { return prf[kK + i]; }
  [[gnu::always_inline]] const NoiseBytes& e2() const noexcept { return prf[2 * kK]; }
};

// (K, r) = G(m || H(ek)): Algorithm 17, step 1, and Algorithm 18, step 6.
struct KeyAndCoins {
  std::uint8_t g[2 * kSymBytes];

  [[gnu::always_inline]] In<kSymBytes> K() const noexcept {
    return In<2 * kSymBytes>(g).first<kSymBytes>();
  }
  [[gnu::always_inline]] In<kSymBytes> r() const noexcept {
    return In<2 * kSymBytes>(g).last<kSymBytes>();
  }
};

}  // namespace latchkey::mlkem
