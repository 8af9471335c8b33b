// Bytes from and to polynomials (FIPS 203, sections 4.2.1 and 4.2.2) on 256-bit registers.
#pragma once

#include "avx2/vector.hpp"
#include "mlkem/backend.hpp"

namespace latchkey::avx2 {
namespace {

constexpr int kOdd = 0xaa;  // the odd lanes, for a blend of 16-bit lanes

// 24 bytes as sixteen 12-bit numbers (Algorithm 6 with d = 12).
[[gnu::always_inline]] inline Vector unpack12(const std::uint8_t* bytes) noexcept {
  // Twelve bytes a half; the second half is read so that it ends with the last byte.
  const Vector halves = load_halves(bytes, bytes + 8);
  const Vector pairs = _mm256_shuffle_epi8(
      halves, _mm256_setr_epi8(0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11,  //
                               4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11, 12, 13, 14, 14, 15));
  return _mm256_blend_epi16(_mm256_and_si256(pairs, repeat(0xfff)), _mm256_srli_epi16(pairs, 4),
                            kOdd);
}

base::Mask<std::uint64_t> decode12(mlkem::NttPoly& f,
                                   base::In<mlkem::encoded_size(12)> in) noexcept {
  Vector too_large = _mm256_setzero_si256();
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const Vector v = unpack12(&in[i / 2 * 3]);
    too_large = _mm256_or_si256(too_large, _mm256_cmpgt_epi16(v, repeat(mlkem::kQ - 1)));
    store(&f.c[i], v);
  }
  alignas(32) std::uint64_t words[4];
  store(words, too_large);
  return base::Mask<std::uint64_t>::if_nonzero(words[0] | words[1] | words[2] | words[3]);
}

void encode12(base::Out<mlkem::encoded_size(12)> out, const mlkem::NttPoly& f) noexcept {
  const Vector join = _mm256_set1_epi32(1 | 1 << 28);  // 1, 2^12
  const Vector drop =
      both_halves(_mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  const Vector close = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7);
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const Vector pairs = _mm256_madd_epi16(canonical(load(&f.c[i])), join);  // 24 of 32 bits
    const Vector bytes = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(pairs, drop), close);
    std::uint8_t* const to = &out[i / 2 * 3];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(bytes));
    _mm_storeu_si64(to + 16, _mm256_extracti128_si256(bytes, 1));
  }
}

// Compress_d of sixteen coefficients: round(2^d / q * x) modulo 2^d. The estimate is off by less
// than 0.6, so the remainder 2^d x - y q says whether it must move by one; that remainder is exact
// although its terms overflow, being below 2^15 itself.           |x| < 2q
template <unsigned d>
[[gnu::always_inline]] inline Vector compress(Vector x) noexcept {
  const Vector estimate = _mm256_mulhrs_epi16(x, repeat(kRatio<d>));
  const Vector remainder =
      _mm256_sub_epi16(_mm256_slli_epi16(x, d), _mm256_mullo_epi16(estimate, repeat(mlkem::kQ)));
  const Vector too_low = _mm256_cmpgt_epi16(remainder, repeat(mlkem::kQ / 2));
  const Vector too_high = _mm256_cmpgt_epi16(repeat(-(mlkem::kQ / 2)), remainder);
  const Vector y = _mm256_add_epi16(_mm256_sub_epi16(estimate, too_low), too_high);
  return _mm256_and_si256(y, repeat((1 << d) - 1));
}

template <unsigned d>
void compress_encode(base::Out<mlkem::encoded_size(d)> out, const mlkem::Poly& f) noexcept;

template <>
[[maybe_unused]] void compress_encode<10>(base::Out<mlkem::encoded_size(10)> out,
                                          const mlkem::Poly& f) noexcept {
  const Vector join = _mm256_set1_epi32(1 | 1 << 26);  // 1, 2^10
  const Vector meet = _mm256_set1_epi64x(12);
  const Vector drop = _mm256_setr_epi8(0, 1, 2, 3, 4, 8, 9, 10, 11, 12, -1, -1, -1, -1, -1, -1,  //
                                       9, 10, 11, 12, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 8);
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const Vector pairs = _mm256_madd_epi16(compress<10>(load(&f.c[i])), join);   // 20 of 32 bits
    const Vector fours = _mm256_srli_epi64(_mm256_sllv_epi32(pairs, meet), 12);  // 40 of 64
    const Vector bytes = _mm256_shuffle_epi8(fours, drop);
    const __m128i low = _mm256_castsi256_si128(bytes), high = _mm256_extracti128_si256(bytes, 1);
    std::uint8_t* const to = &out[i / 4 * 5];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_blend_epi16(low, high, 0xe0));
    _mm_storeu_si32(to + 16, high);
  }
}

template <>
[[maybe_unused]] void compress_encode<11>(base::Out<mlkem::encoded_size(11)> out,
                                          const mlkem::Poly& f) noexcept {
  const Vector join = _mm256_set1_epi32(1 | 1 << 27);  // 1, 2^11
  const Vector meet = _mm256_set1_epi64x(10);
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const Vector pairs = _mm256_madd_epi16(compress<11>(load(&f.c[i])), join);   // 22 of 32 bits
    const Vector fours = _mm256_srli_epi64(_mm256_sllv_epi32(pairs, meet), 10);  // 44 of 64
    // 88 of 128: the upper 44 bits move down to the lower ones, and what fits there joins them.
    const Vector lower =
        _mm256_or_si256(fours, _mm256_slli_epi64(_mm256_bsrli_epi128(fours, 8), 44));
    const Vector bytes = _mm256_blend_epi32(lower, _mm256_srli_epi64(fours, 20), 0xcc);
    const __m128i low = _mm256_castsi256_si128(bytes), high = _mm256_extracti128_si256(bytes, 1);
    std::uint8_t* const to = &out[i / 8 * 11];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), low);
    _mm_storeu_si64(to + 11, high);
    _mm_storeu_si32(to + 18, _mm_bsrli_si128(high, 7));
  }
}

template <>
[[maybe_unused]] void compress_encode<5>(base::Out<mlkem::encoded_size(5)> out,
                                         const mlkem::Poly& f) noexcept {
  const Vector join = _mm256_set1_epi32(1 | 1 << 21);  // 1, 2^5
  const Vector meet = _mm256_set1_epi64x(22);
  const Vector drop =
      both_halves(_mm_setr_epi8(0, 1, 2, 3, 4, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const Vector pairs = _mm256_madd_epi16(compress<5>(load(&f.c[i])), join);    // 10 of 32 bits
    const Vector fours = _mm256_srli_epi64(_mm256_sllv_epi32(pairs, meet), 22);  // 20 of 64
    const Vector eights =
        _mm256_or_si256(fours, _mm256_slli_epi64(_mm256_bsrli_epi128(fours, 8), 20));  // 40
    const Vector bytes = _mm256_shuffle_epi8(eights, drop);
    const __m128i low = _mm256_castsi256_si128(bytes), high = _mm256_extracti128_si256(bytes, 1);
    std::uint8_t* const to = &out[i / 8 * 5];
    const __m128i both = _mm_or_si128(low, _mm_bslli_si128(high, 5));
    _mm_storeu_si64(to, both);
    _mm_storeu_si16(to + 8, _mm_bsrli_si128(both, 8));
  }
}

template <>
[[maybe_unused]] void compress_encode<4>(base::Out<mlkem::encoded_size(4)> out,
                                         const mlkem::Poly& f) noexcept {
  const Vector join = repeat(1 | 16 << 8);
  for (std::size_t i = 0; i < mlkem::kN; i += 4 * kLanes) {
    Vector v[4];
    for (std::size_t j = 0; j < 4; ++j) v[j] = compress<4>(load(&f.c[i + j * kLanes]));
    const Vector a = _mm256_maddubs_epi16(_mm256_packus_epi16(v[0], v[1]), join);
    const Vector b = _mm256_maddubs_epi16(_mm256_packus_epi16(v[2], v[3]), join);
    const Vector order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);  // undoes both packs
    const Vector bytes = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(a, b), order);
    _mm256_storeu_si256(reinterpret_cast<Vector*>(&out[i / 2]), bytes);
  }
}

template <>
[[maybe_unused]] void compress_encode<1>(base::Out<mlkem::encoded_size(1)> out,
                                         const mlkem::Poly& f) noexcept {
  for (std::size_t i = 0; i < mlkem::kN; i += 2 * kLanes) {
    const Vector a = _mm256_slli_epi16(compress<1>(load(&f.c[i])), 15);
    const Vector b = _mm256_slli_epi16(compress<1>(load(&f.c[i + kLanes])), 15);
    const Vector bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xd8);
    const auto bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
    std::memcpy(&out[i / 8], &bits, sizeof bits);
  }
}

template <unsigned d>
void decode_decompress(mlkem::Poly& f, base::In<mlkem::encoded_size(d)> in) noexcept;

// Decompress_d is round(q y / 2^d), which is what pmulhrsw makes of q and y 2^(15 - d).
template <>
[[maybe_unused]] void decode_decompress<10>(mlkem::Poly& f,
                                            base::In<mlkem::encoded_size(10)> in) noexcept {
  const Vector spread = _mm256_setr_epi8(0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9,  //
                                         6, 7, 7, 8, 8, 9, 9, 10, 11, 12, 12, 13, 13, 14, 14, 15);
  const Vector align = _mm256_set1_epi64x(64 | 16LL << 16 | 4LL << 32 | 1LL << 48);
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const std::uint8_t* const from = &in[i / 4 * 5];
    const Vector words = _mm256_shuffle_epi8(load_halves(from, from + 4), spread);
    const Vector top = _mm256_mullo_epi16(words, align);  // the ten bits are the upper ones
    const Vector y = _mm256_and_si256(_mm256_srli_epi16(top, 1), repeat(0x7fe0));
    store(&f.c[i], _mm256_mulhrs_epi16(y, repeat(mlkem::kQ)));
  }
}

template <>
[[maybe_unused]] void decode_decompress<11>(mlkem::Poly& f,
                                            base::In<mlkem::encoded_size(11)> in) noexcept {
  // A number may lie in three bytes, so each gets 32 bits. Eleven bytes a half; the second half is
  // read so that it ends with the last byte.
  const Vector first = _mm256_setr_epi8(0, 1, 2, -1, 1, 2, 3, -1, 2, 3, 4, -1, 4, 5, 6, -1,  //
                                        5, 6, 7, -1, 6, 7, 8, -1, 7, 8, 9, -1, 9, 10, 11, -1);
  const Vector second = _mm256_setr_epi8(5, 6, 7, -1, 6, 7, 8, -1, 8, 9, 10, -1, 9, 10, -1, -1,  //
                                         10, 11, 12, -1, 11, 12, 13, -1, 13, 14, 15, -1,         //
                                         14, 15, -1, -1);
  const Vector first_shift = _mm256_setr_epi32(0, 3, 6, 1, 0, 3, 6, 1);
  const Vector second_shift = _mm256_setr_epi32(4, 7, 2, 5, 4, 7, 2, 5);
  const Vector bits = _mm256_set1_epi32(0x7ff);
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const std::uint8_t* const from = &in[i / 8 * 11];
    const Vector halves = load_halves(from, from + 6);
    const Vector a = _mm256_srlv_epi32(_mm256_shuffle_epi8(halves, first), first_shift);
    const Vector b = _mm256_srlv_epi32(_mm256_shuffle_epi8(halves, second), second_shift);
    const Vector y = _mm256_packus_epi32(_mm256_and_si256(a, bits), _mm256_and_si256(b, bits));
    store(&f.c[i], _mm256_mulhrs_epi16(_mm256_slli_epi16(y, 4), repeat(mlkem::kQ)));
  }
}

template <>
[[maybe_unused]] void decode_decompress<5>(mlkem::Poly& f,
                                           base::In<mlkem::encoded_size(5)> in) noexcept {
  // Five bytes a half; the second half is read so that it ends with the last byte.
  const Vector spread = _mm256_setr_epi8(0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 3, 4, 3, 4, 4, -1,  //
                                         3, 4, 3, 4, 4, 5, 4, 5, 5, 6, 6, 7, 6, 7, 7, -1);
  const Vector align =
      _mm256_setr_epi16(1 << 11, 1 << 6, 1 << 9, 1 << 4, 1 << 7, 1 << 10, 1 << 5, 1 << 8, 1 << 11,
                        1 << 6, 1 << 9, 1 << 4, 1 << 7, 1 << 10, 1 << 5, 1 << 8);
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const std::uint8_t* const from = &in[i / 8 * 5];
    const Vector halves = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si64(from)),
                                                  _mm_loadu_si64(from + 2), 1);
    const Vector words = _mm256_shuffle_epi8(halves, spread);
    const Vector top = _mm256_mullo_epi16(words, align);  // the five bits are the upper ones
    const Vector y = _mm256_and_si256(_mm256_srli_epi16(top, 1), repeat(0x7c00));
    store(&f.c[i], _mm256_mulhrs_epi16(y, repeat(mlkem::kQ)));
  }
}

template <>
[[maybe_unused]] void decode_decompress<4>(mlkem::Poly& f,
                                           base::In<mlkem::encoded_size(4)> in) noexcept {
  const Vector spread = _mm256_setr_epi8(0, -1, 0, -1, 1, -1, 1, -1, 2, -1, 2, -1, 3, -1, 3, -1,  //
                                         4, -1, 4, -1, 5, -1, 5, -1, 6, -1, 6, -1, 7, -1, 7, -1);
  const Vector nibble = _mm256_set1_epi32(0x0f | 0xf0 << 16);
  const Vector align = _mm256_set1_epi32(1 << 11 | 1 << (7 + 16));
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    const Vector eight = _mm256_broadcastq_epi64(_mm_loadu_si64(&in[i / 2]));
    const Vector words = _mm256_and_si256(_mm256_shuffle_epi8(eight, spread), nibble);
    store(&f.c[i], _mm256_mulhrs_epi16(_mm256_mullo_epi16(words, align), repeat(mlkem::kQ)));
  }
}

template <>
[[maybe_unused]] void decode_decompress<1>(mlkem::Poly& f,
                                           base::In<mlkem::encoded_size(1)> in) noexcept {
  const Vector bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                       8192, 16384, -32768);
  for (std::size_t i = 0; i < mlkem::kN; i += kLanes) {
    std::int16_t bits;
    std::memcpy(&bits, &in[i / 8], sizeof bits);
    const Vector set = _mm256_cmpeq_epi16(_mm256_and_si256(repeat(bits), bit), bit);
    store(&f.c[i], _mm256_and_si256(set, repeat(mlkem::decompress<1>(1))));
  }
}

}  // namespace
}  // namespace latchkey::avx2
