#include "ct/controls.hpp"

#include <array>
#include <cstring>

#include "base/mask.hpp"
#include "x25519/comb_table.hpp"
#include "x25519/ladder.hpp"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace latchkey::controls {
namespace {

constexpr std::size_t kSize = 32;

volatile std::uint64_t sink;
std::array<std::int16_t, 8 * kSize> polynomial;
alignas(64) std::array<std::uint32_t, 256> table = {1, 2, 3};
// Written to by nobody, which the compiler cannot know.
std::array<std::uint8_t, kSize> expected = {};
volatile std::uint64_t divisor = 3329;

template <class F>
[[gnu::always_inline]] inline void decode(const std::uint8_t* secret, F multiple) noexcept {
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j < 8; ++j) polynomial[8 * i + j] = multiple(secret[i] >> j & 1);
  }
  asm volatile("" : : "r"(polynomial.data()) : "memory");
}

// A ladder's field that chooses by a branch.
struct BranchingField : x25519::ScalarField {
  static Factor choose(std::uint64_t bit, const Factor& if_1, const Factor& if_0) noexcept {
    if (bit == 0) return if_0;
    asm volatile("" ::: "memory");  // or a compiler makes conditional moves of it
    return if_1;
  }
};

x25519::Words scalar_of(const std::uint8_t* secret) noexcept {
  return x25519::decode_scalar(x25519::In<kSize>(secret, kSize));
}

}  // namespace

extern "C" {

// The library's own forms: a decoded message, a comparison of all bytes, a choice by mask.
[[gnu::noinline]] void control_clean(const std::uint8_t* secret) {
  decode(secret,
         [](int bit) { return static_cast<std::int16_t>(-base::value_barrier(bit) & 1665); });
  const auto mask =
      base::Mask<std::uint64_t>::if_nonzero(base::difference(secret, expected.data(), kSize));
  sink = mask.select(1, 2);
}

[[gnu::noinline]] void control_branch(const std::uint8_t* secret) {
  if (secret[0] & 1) {
    for (std::uint64_t i = 0; i < 16; ++i) sink = i;
  }
}

[[gnu::noinline]] void control_index(const std::uint8_t* secret) { sink = table[secret[0]]; }

#ifdef __x86_64__
[[gnu::noinline, gnu::target("avx2")]] void control_gather(const std::uint8_t* secret) {
  const __m256i indices =
      _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(secret)));
  const __m256i words =
      _mm256_i32gather_epi32(reinterpret_cast<const int*>(table.data()), indices, 4);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(polynomial.data()), words);
  _mm256_zeroupper();
}
#endif

[[gnu::noinline]] void control_division(const std::uint8_t* secret) {
  std::uint64_t dividend;
  for (std::size_t i = 0; i < kSize; i += sizeof dividend) {
    std::memcpy(&dividend, secret + i, sizeof dividend);
    sink = dividend / divisor;
  }
}

[[gnu::noinline]] void control_early_exit(const std::uint8_t* secret) {
  for (std::size_t i = 0; i < kSize; ++i) {
    if (secret[i] != expected[i]) return;
  }
  sink = 1;
}

// X25519 of the base point, by a ladder that branches on the scalar's bits.
[[gnu::noinline]] void control_ladder_branch(const std::uint8_t* secret) {
  const x25519::Words k = scalar_of(secret);
  const auto ratio = x25519::ladder<BranchingField>(x25519::bits_of(k), BranchingField::number(9));
  sink = ratio.numerator.limb[0];
}

// The comb's table, read at the places that the scalar's digits name.
[[gnu::noinline]] void control_comb_index(const std::uint8_t* secret) {
  const x25519::Words k = scalar_of(secret);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < x25519::kPositions; ++i) {
    const std::uint64_t digit = k.word[i / 16] >> (4 * (i % 16)) & 7;
    sum += x25519::comb_table.row[i / x25519::kLanes][digit].dxy[0][i % x25519::kLanes];
  }
  sink = sum;
}

// Decoding a message without a value barrier. There is no branch here, but some compilers see that
// each mask is all zeros or all ones, and choose by a branch.
[[gnu::noinline]] void control_decoding(const std::uint8_t* secret) {
  decode(secret, [](int bit) { return static_cast<std::int16_t>(-bit & 1665); });
}

}  // extern "C"

std::span<const Control> all() noexcept {
  static constexpr Control kAll[] = {
      {"clean", control_clean},
      {"branch", control_branch},
      {"index", control_index},
#ifdef __x86_64__
      {"gather", control_gather},
#endif
      {"division", control_division},
      {"early_exit", control_early_exit},
      {"ladder_branch", control_ladder_branch},
      {"comb_index", control_comb_index},
      {"decoding", control_decoding},
  };
  return kAll;
}

}  // namespace latchkey::controls
