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

// Algorithm 8, SamplePolyCBD_2: four bits a coefficient, the sum of two less the sum of two.
void sample_cbd2(mlkem::Poly& f, base::In<mlkem::kNoiseSize> bytes) noexcept {
  const Vector ones = _mm256_set1_epi8(0x55), twos = _mm256_set1_epi8(0x33);
  const Vector low_nibble = _mm256_set1_epi8(0x0f), three = _mm256_set1_epi8(3);
  for (std::size_t i = 0; i < mlkem::kNoiseSize; i += 32) {
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

}  // namespace
}  // namespace latchkey::avx2
