// Uniform and noise polynomials from bytes (FIPS 203, Algorithms 7 and 8) on 256-bit registers.
#pragma once

#include <algorithm>
#include <span>

#include "avx2/encode.hpp"

namespace latchkey::avx2 {
namespace {

// For each set of accepted lanes of eight, the bytes that move those lanes to the front.
struct alignas(16) LaneShuffle {
  std::uint8_t bytes[16];
};

consteval std::array<LaneShuffle, 256> compaction_table() {
  std::array<LaneShuffle, 256> table{};
  for (unsigned set = 0; set < 256; ++set) {
    unsigned to = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      if ((set >> lane & 1) == 0) continue;
      table[set].bytes[to++] = static_cast<std::uint8_t>(2 * lane);
      table[set].bytes[to++] = static_cast<std::uint8_t>(2 * lane + 1);
    }
    while (to < 16) table[set].bytes[to++] = 0x80;  // zero
  }
  return table;
}

constexpr auto kCompaction = compaction_table();

[[gnu::always_inline]] inline __m128i compact_vartime(__m128i lanes, unsigned set) noexcept {
  const auto* shuffle = reinterpret_cast<const __m128i*>(kCompaction[set].bytes);
  return _mm_shuffle_epi8(lanes, _mm_load_si128(shuffle));
}

// Algorithm 7, SampleNTT, steps 5 to 16, on the bytes at hand: sixteen candidates a step.
[[gnu::noinline]] std::size_t reject_vartime(mlkem::NttPoly& a_hat, std::size_t count,
                                             std::span<const std::uint8_t> bytes) noexcept {
  const std::uint8_t* from = bytes.data();
  const std::uint8_t* const end = from + bytes.size();
  const Vector q = repeat(mlkem::kQ);
  // Writes the accepted ones of eight, and behind them zeros that the next ones overwrite.
  const auto append = [&](__m128i lanes, unsigned set) __attribute__((always_inline)) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(&a_hat.c[count]), compact_vartime(lanes, set));
    count += static_cast<std::size_t>(__builtin_popcount(set));
  };
  while (end - from >= 24 && count <= mlkem::kN - 16) {
    const Vector v = unpack12(from);
    const Vector below = _mm256_cmpgt_epi16(q, v);
    const auto set = static_cast<unsigned>(_mm_movemask_epi8(
        _mm_packs_epi16(_mm256_castsi256_si128(below), _mm256_extracti128_si256(below, 1))));
    append(_mm256_castsi256_si128(v), set & 0xff);
    append(_mm256_extracti128_si256(v, 1), set >> 8);
    from += 24;
  }
  // The end, where eight more might not fit: at most two candidates a step.
  for (; end - from >= 3 && count < mlkem::kN; from += 3) {
    const unsigned d1 = from[0] | (from[1] & 0x0fu) << 8;
    const unsigned d2 = from[1] >> 4 | unsigned{from[2]} << 4;
    if (d1 < mlkem::kQ) a_hat.c[count++] = static_cast<std::int16_t>(d1);
    if (d2 < mlkem::kQ && count < mlkem::kN) a_hat.c[count++] = static_cast<std::int16_t>(d2);
  }
  return count;
}

// Algorithm 8, SamplePolyCBD_eta: 2 eta bits a coefficient, the sum of eta less the sum of eta.
template <unsigned eta>
void sample_cbd(mlkem::Poly& f, base::In<mlkem::noise_size(eta)> bytes) noexcept;

template <>
[[maybe_unused]] void sample_cbd<2>(mlkem::Poly& f, base::In<mlkem::noise_size(2)> bytes) noexcept {
  const Vector ones = _mm256_set1_epi8(0x55), twos = _mm256_set1_epi8(0x33);
  const Vector low_nibble = _mm256_set1_epi8(0x0f), three = _mm256_set1_epi8(3);
  for (std::size_t i = 0; i < bytes.size(); i += 32) {
    const Vector v = _mm256_loadu_si256(reinterpret_cast<const Vector*>(&bytes[i]));
    const Vector sums =
        _mm256_add_epi8(_mm256_and_si256(v, ones), _mm256_and_si256(_mm256_srli_epi16(v, 1), ones));
    // In each nibble, x + 3 - y: between 1 and 5, so nothing is borrowed.
    const Vector offset = _mm256_sub_epi8(_mm256_add_epi8(_mm256_and_si256(sums, twos), twos),
                                          _mm256_and_si256(_mm256_srli_epi16(sums, 2), twos));
    const Vector even = _mm256_sub_epi8(_mm256_and_si256(offset, low_nibble), three);
    const Vector odd =
        _mm256_sub_epi8(_mm256_and_si256(_mm256_srli_epi16(offset, 4), low_nibble), three);
    const Vector a = _mm256_unpacklo_epi8(even, odd), b = _mm256_unpackhi_epi8(even, odd);
    std::int16_t* const to = &f.c[2 * i];
    store(to, _mm256_cvtepi8_epi16(_mm256_castsi256_si128(a)));
    store(to + 16, _mm256_cvtepi8_epi16(_mm256_castsi256_si128(b)));
    store(to + 32, _mm256_cvtepi8_epi16(_mm256_extracti128_si256(a, 1)));
    store(to + 48, _mm256_cvtepi8_epi16(_mm256_extracti128_si256(b, 1)));
  }
}

// Three bytes, which are four coefficients, in each 32-bit lane.
template <>
[[maybe_unused]] void sample_cbd<3>(mlkem::Poly& f, base::In<mlkem::noise_size(3)> bytes) noexcept {
  const Vector spread = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,  //
                                         4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
  const Vector third_bits = _mm256_set1_epi32(0x249249);  // every third of 24
  const Vector low_sums = _mm256_set1_epi32(0x1c71c7);    // three of every six
  const Vector threes = _mm256_set1_epi32(0x0c30c3);      // a three in every six
  const Vector first = _mm256_set1_epi32(7), second = _mm256_set1_epi32(7 << 16);
  for (std::size_t i = 0; i < bytes.size(); i += 24) {
    // Twelve bytes a half; the second half is read so that it ends with the last byte.
    const Vector v = _mm256_shuffle_epi8(load_halves(&bytes[i], &bytes[i + 8]), spread);
    const Vector sums =
        _mm256_add_epi32(_mm256_and_si256(v, third_bits),
                         _mm256_add_epi32(_mm256_and_si256(_mm256_srli_epi32(v, 1), third_bits),
                                          _mm256_and_si256(_mm256_srli_epi32(v, 2), third_bits)));
    // In every six bits, x + 3 - y: between 0 and 6, so nothing is borrowed.
    const Vector offset =
        _mm256_sub_epi32(_mm256_add_epi32(_mm256_and_si256(sums, low_sums), threes),
                         _mm256_and_si256(_mm256_srli_epi32(sums, 3), low_sums));
    // The first two and the last two of each four, in 16 bits.
    const Vector ab = _mm256_or_si256(_mm256_and_si256(offset, first),
                                      _mm256_and_si256(_mm256_slli_epi32(offset, 10), second));
    const Vector cd = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(offset, 12), first),
                                      _mm256_and_si256(_mm256_srli_epi32(offset, 2), second));
    const Vector low = _mm256_sub_epi16(_mm256_unpacklo_epi32(ab, cd), repeat(3));
    const Vector high = _mm256_sub_epi16(_mm256_unpackhi_epi32(ab, cd), repeat(3));
    std::int16_t* const to = &f.c[i / 24 * 32];
    store(to, _mm256_permute2x128_si256(low, high, 0x20));
    store(to + 16, _mm256_permute2x128_si256(low, high, 0x31));
  }
}

}  // namespace
}  // namespace latchkey::avx2
