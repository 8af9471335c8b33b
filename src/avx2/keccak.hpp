// One Keccak state, and four in the four lanes of 256-bit registers.
#pragma once

#include "avx2/vector.hpp"
#include "mlkem/keccak.hpp"
#include "mlkem/sponge.hpp"

namespace latchkey::avx2 {
namespace {

// Four 64-bit lanes. The operators of mlkem/keccak.hpp work on it; under AVX-512VL the compiler
// makes vprolq and vpternlogq of them.
using Lanes = unsigned long long __attribute__((vector_size(32)));

#ifdef __AVX512VL__

// The three-way operations by name: gcc 12 finds only some of them by itself. It does find vprolq.
template <class Word>
struct VectorOps : mlkem::WordOps<Word> {
  [[gnu::always_inline]] static Word xor3(Word a, Word b, Word c) noexcept {
    return ternary<0x96>(a, b, c);
  }
  [[gnu::always_inline]] static Word chi(Word a, Word b, Word c) noexcept {
    return ternary<0xd2>(a, b, c);
  }

  // One operation adds both parities, so they stay apart.
  struct Addend {
    Word left, right;
  };
  [[gnu::always_inline]] static Addend addend(Word left, Word right) noexcept {
    return {left, right};
  }
  [[gnu::always_inline]] static Word add(Word word, Addend addend) noexcept {
    return xor3(word, addend.left, addend.right);
  }

 private:
  template <int truth_table>
  [[gnu::always_inline]] static Word ternary(Word a, Word b, Word c) noexcept {
    if constexpr (sizeof(Word) == sizeof(__m256i)) {
      return Word(_mm256_ternarylogic_epi64(__m256i(a), __m256i(b), __m256i(c), truth_table));
    } else {
      return Word(_mm_ternarylogic_epi64(__m128i(a), __m128i(b), __m128i(c), truth_table));
    }
  }
};

#else

template <class Word>
struct VectorOps : mlkem::WordOps<Word> {
  // One shuffle of bytes for two shifts and an or.
  template <unsigned n>
  [[gnu::always_inline]] static Word rotate_left(Word w) noexcept {
    if constexpr (n == 1) return (w + w) | (w >> 63);  // additions run on more ports than shifts
    if constexpr (n == 8) return shuffle(w, 0x0605040302010007, 0x0e0d0c0b0a09080f);
    if constexpr (n == 56) return shuffle(w, 0x0007060504030201, 0x080f0e0d0c0b0a09);
    return mlkem::WordOps<Word>::template rotate_left<n>(w);
  }

 private:
  [[gnu::always_inline]] static Word shuffle(Word w, std::uint64_t low,
                                             std::uint64_t high) noexcept {
    if constexpr (sizeof(Word) == sizeof(__m256i)) {
      return Word(_mm256_shuffle_epi8(__m256i(w), __m256i(Lanes{low, high, low, high})));
    } else {
      return Word(_mm_shuffle_epi8(__m128i(w), __m128i(Word{low, high})));
    }
  }
};

#endif

using FourWords = VectorOps<Lanes>;

// The integer unit does one state faster than a vector lane. BMI has the andn of chi.
[[gnu::noinline]] void keccak_f1600(std::uint64_t* words) noexcept {
  mlkem::keccak_f1600<mlkem::PlainWord>(words);
}

[[gnu::noinline]] void keccak_f1600_x4(Lanes* state) noexcept {
  mlkem::keccak_f1600<FourWords>(state);
}

class Keccak4 {
 public:
  template <std::size_t Count, std::size_t RateWords>
  void start(base::In<32> seed, const std::uint64_t (&tails)[Count]) noexcept {
    Lanes tail{};
    for (std::size_t lane = 0; lane < Count; ++lane) tail[lane] = tails[lane];
    mlkem::static_for<mlkem::kKeccakWords>([&](auto i) __attribute__((always_inline)) {
      Lanes word{};
      if constexpr (i < 4) word = FourWords::repeat(base::load_le64(&seed[8 * i]));
      if constexpr (i == 4) word = tail;
      if constexpr (i == RateWords - 1) word = FourWords::repeat(mlkem::kLastPaddingBit);
      constexpr int kOthers = 0xff << (2 * Count) & 0xff;  // in 32-bit lanes
      state_[i] = Lanes(_mm256_blend_epi32(Vector(word), Vector(state_[i]), kOthers));
    });
  }

  template <std::size_t RateWords>
  void start_lane(unsigned lane, base::In<32> seed, std::uint64_t tail) noexcept {
    const Lanes mine = only(lane);
    mlkem::static_for<mlkem::kKeccakWords>([&](auto i) __attribute__((always_inline)) {
      state_[i] &= ~mine;
      if constexpr (i < 4) state_[i] |= FourWords::repeat(base::load_le64(&seed[8 * i])) & mine;
      if constexpr (i == 4) state_[i] |= FourWords::repeat(tail) & mine;
      if constexpr (i == RateWords - 1) {
        state_[i] |= FourWords::repeat(mlkem::kLastPaddingBit) & mine;
      }
    });
  }

  void clear(unsigned lane) noexcept {
    const Lanes others = ~only(lane);
    for (auto& word : state_) word &= others;
  }
  void load(unsigned lane, const std::uint64_t* words) noexcept {
    const Lanes mine = only(lane);
    for (std::size_t i = 0; i < mlkem::kKeccakWords; ++i) {
      state_[i] = (state_[i] & ~mine) | (FourWords::repeat(words[i]) & mine);
    }
  }
  void save(unsigned lane, std::uint64_t* words) const noexcept {
    for (std::size_t i = 0; i < mlkem::kKeccakWords; ++i) words[i] = state_[i][lane];
  }

  // Whole vectors, because the permutation reads whole vectors: a narrow store before a wide load
  // of the same place stalls.
  template <std::size_t Rate>
  void absorb(unsigned lane, const std::uint8_t* block) noexcept {
    const Lanes mine = only(lane);
    mlkem::static_for<Rate / 8>([&](auto i) __attribute__((always_inline)) {
      state_[i] ^= FourWords::repeat(base::load_le64(block + 8 * i)) & mine;
    });
  }

  // An idle lane costs nothing here, so all are permuted.
  void permute(unsigned) noexcept { keccak_f1600_x4(state_); }

  template <std::size_t Count, std::size_t Size>
  void extract(std::uint8_t* const (&to)[Count]) const noexcept {
    constexpr std::size_t kWords = Size / 8, kWhole = kWords / 4 * 4;
    for (std::size_t i = 0; i < kWhole; i += 4) {
      Vector lanes[4];
      transpose(lanes, i);
      for (std::size_t lane = 0; lane < Count; ++lane) {
        _mm256_storeu_si256(reinterpret_cast<Vector*>(to[lane] + 8 * i), lanes[lane]);
      }
    }
    for (std::size_t i = kWhole; i < kWords; ++i) {
      for (std::size_t lane = 0; lane < Count; ++lane) {
        base::store_le64(to[lane] + 8 * i, state_[i][lane]);
      }
    }
  }
  void extract_lane(unsigned lane, std::span<std::uint8_t> to) const noexcept {
    for (std::size_t i = 0; i < to.size() / 8; ++i) {
      base::store_le64(to.data() + 8 * i, state_[i][lane]);
    }
  }

 private:
  // All ones in one lane.
  [[gnu::always_inline]] static Lanes only(unsigned lane) noexcept {
    return Lanes(Lanes{0, 1, 2, 3} == FourWords::repeat(lane));
  }

  // Four consecutive words of each lane.
  [[gnu::always_inline]] void transpose(Vector (&lanes)[4], std::size_t first) const noexcept {
    const auto row = [&](std::size_t i) { return Vector(state_[first + i]); };
    const Vector a = _mm256_unpacklo_epi64(row(0), row(1));
    const Vector b = _mm256_unpackhi_epi64(row(0), row(1));
    const Vector c = _mm256_unpacklo_epi64(row(2), row(3));
    const Vector d = _mm256_unpackhi_epi64(row(2), row(3));
    lanes[0] = _mm256_permute2x128_si256(a, c, 0x20);
    lanes[1] = _mm256_permute2x128_si256(b, d, 0x20);
    lanes[2] = _mm256_permute2x128_si256(a, c, 0x31);
    lanes[3] = _mm256_permute2x128_si256(b, d, 0x31);
  }

  Lanes state_[mlkem::kKeccakWords] = {};
};

}  // namespace
}  // namespace latchkey::avx2
