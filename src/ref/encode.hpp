// Bytes from and to polynomials (FIPS 203, sections 4.2.1 and 4.2.2), portable.
#pragma once

#include <numeric>

#include "mlkem/backend.hpp"
#include "mlkem/keccak.hpp"
#include "mlkem/reduce.hpp"

namespace latchkey::ref {
namespace {

// The smallest run of d-bit numbers that fills whole bytes. With d = 11 it takes 88 bits, so a
// 64-bit word holds those alone that are not written yet, or not taken yet.
template <unsigned d>
inline constexpr std::size_t kNumbersOfGroup = std::lcm(d, 8u) / d;

// Algorithm 5, ByteEncode_d, of number(0), ..., number(255), each below 2^d.
template <unsigned d, class F>
[[gnu::always_inline]] inline void byte_encode(std::uint8_t* bytes, F number) noexcept {
  for (std::size_t i = 0; i < mlkem::kN; i += kNumbersOfGroup<d>) {
    std::uint64_t word = 0;
    mlkem::static_for<kNumbersOfGroup<d>>([&](auto j) __attribute__((always_inline)) {
      constexpr unsigned kBits = d * j % 8;  // that are in the word
      word |= number(i + j) << kBits;
      for (unsigned b = 0; b < (kBits + d) / 8; ++b, word >>= 8) {
        *bytes++ = static_cast<std::uint8_t>(word);
      }
    });
  }
}

// Algorithm 6, ByteDecode_d: calls take(i, number) for i = 0, ..., 255.
template <unsigned d, class F>
[[gnu::always_inline]] inline void byte_decode(const std::uint8_t* bytes, F take) noexcept {
  for (std::size_t i = 0; i < mlkem::kN; i += kNumbersOfGroup<d>) {
    std::uint64_t word = 0;
    mlkem::static_for<kNumbersOfGroup<d>>([&](auto j) __attribute__((always_inline)) {
      constexpr unsigned kBits = (8 - d * j % 8) % 8;  // that are in the word
      for (unsigned b = kBits; b < d; b += 8) word |= std::uint64_t{*bytes++} << b;
      take(i + j, word & ((1u << d) - 1));
      word >>= d;
    });
  }
}

base::Mask<std::uint64_t> decode12(mlkem::NttPoly& f,
                                   base::In<mlkem::encoded_size(12)> in) noexcept {
  std::uint64_t too_large = 0;
  byte_decode<12>(in.data(), [&](std::size_t i, std::uint64_t number) {
    too_large |= (mlkem::kQ - 1 - number) >> 63;
    f.c[i] = static_cast<std::int16_t>(number);
  });
  return base::Mask<std::uint64_t>::from_bit(too_large);
}

void encode12(base::Out<mlkem::encoded_size(12)> out, const mlkem::NttPoly& f) noexcept {
  byte_encode<12>(out.data(), [&](std::size_t i) {
    return static_cast<std::uint64_t>(mlkem::canonical(f.c[i]));
  });
}

template <unsigned d>
void decode_decompress(mlkem::Poly& f, base::In<mlkem::encoded_size(d)> in) noexcept {
  byte_decode<d>(in.data(), [&](std::size_t i, std::uint64_t number) {
    // A message bit times q / 2 is what clang turns into a branch when it sees that it is a bit.
    if constexpr (d == 1) number = base::value_barrier(number);
    f.c[i] = mlkem::decompress<d>(number);
  });
}

template <unsigned d>
void compress_encode(base::Out<mlkem::encoded_size(d)> out, const mlkem::Poly& f) noexcept {
  byte_encode<d>(out.data(),
                 [&](std::size_t i) { return mlkem::compress<d>(mlkem::canonical(f.c[i])); });
}

}  // namespace
}  // namespace latchkey::ref
