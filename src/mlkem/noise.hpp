// What G and the PRF give (FIPS 203, section 4.1), by the names that the algorithms use.
#pragma once

#include "mlkem/backend.hpp"

namespace latchkey::mlkem {

// The output of PRF_eta from which Algorithm 8, SamplePolyCBD_eta, samples one polynomial.
template <unsigned eta>
using NoiseBytes = std::array<std::uint8_t, noise_size(eta)>;

// Those for s and e of Algorithm 13, steps 8 to 15: nonces 0 to 2 k - 1.
template <ParameterSet p>
struct KeyNoise {
  static constexpr std::size_t kCount = 2 * p.k;
  NoiseBytes<p.eta1> prf[kCount];

  [[gnu::always_inline]] const auto& s(std::size_t i) const noexcept { return prf[i]; }
  [[gnu::always_inline]] const auto& e(std::size_t i) const noexcept { return prf[p.k + i]; }

  [[gnu::always_inline]] std::span<std::uint8_t> output(std::size_t nonce) noexcept {
    return prf[nonce];
  }
};

// Those for y, e1 and e2 of Algorithm 14, steps 9 to 17: nonces 0 to 2 k.
template <ParameterSet p>
struct EncryptionNoise {
  static constexpr std::size_t kCount = 2 * p.k + 1;
  NoiseBytes<p.eta1> prf_of_y[p.k];
  NoiseBytes<p.eta2> prf_of_e[p.k + 1];

  [[gnu::always_inline]] const auto& y(std::size_t i) const noexcept { return prf_of_y[i]; }
  [[gnu::always_inline]] const auto& e1(std::size_t i) const noexcept { return prf_of_e[i]; }
  [[gnu::always_inline]] const auto& e2() const noexcept { return prf_of_e[p.k]; }

  [[gnu::always_inline]] std::span<std::uint8_t> output(std::size_t nonce) noexcept {
    if (nonce < p.k) return prf_of_y[nonce];
    return prf_of_e[nonce - p.k];
  }
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
