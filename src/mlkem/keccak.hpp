// Keccak-f[1600] (FIPS 202, section 3), written once over the word that it runs on: a uint64_t for
// one state, a vector of four for four states side by side.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace latchkey::mlkem {

inline constexpr std::size_t kKeccakWords = 25;  // A[x, y] is word x + 5 y
inline constexpr std::size_t kKeccakRounds = 24;
inline constexpr std::size_t kTurboRounds = 12;  // of TurboSHAKE (RFC 9861): the last ones

// Rates in bytes, FIPS 202 section 6. Each is a whole number of words.
inline constexpr std::size_t kShake128Rate = 168;
inline constexpr std::size_t kShake256Rate = 136;
inline constexpr std::size_t kSha3_256Rate = 136;
inline constexpr std::size_t kSha3_512Rate = 72;

// The domain bits and the first bit of the padding, as one byte.
inline constexpr std::uint8_t kSha3Domain = 0x06;
inline constexpr std::uint8_t kShakeDomain = 0x1f;
inline constexpr std::uint64_t kLastPaddingBit = std::uint64_t{1} << 63;

// Algorithms 5 (rc) and 6 (iota): the round constants come from a linear feedback shift register.
consteval std::array<std::uint64_t, kKeccakRounds> keccak_round_constants() {
  std::array<std::uint64_t, kKeccakRounds> constants{};
  unsigned lfsr = 1;
  for (auto& constant : constants) {
    for (unsigned j = 0; j <= 6; ++j) {
      if (lfsr & 1) constant |= std::uint64_t{1} << ((1U << j) - 1);
      lfsr <<= 1;
      if (lfsr & 0x100) lfsr ^= 0x171;
    }
  }
  return constants;
}

// Algorithm 2 (rho): how far each word is rotated.
consteval std::array<unsigned, kKeccakWords> keccak_rotations() {
  std::array<unsigned, kKeccakWords> rotations{};
  unsigned x = 1, y = 0;
  for (unsigned t = 0; t < 24; ++t) {
    rotations[x + 5 * y] = (t + 1) * (t + 2) / 2 % 64;
    const unsigned next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
  }
  return rotations;
}

// Not inline: a shared symbol would be a weak one, which no backend may have.
constexpr auto kKeccakRoundConstants = keccak_round_constants();
constexpr auto kKeccakRotations = keccak_rotations();
static_assert(kKeccakRoundConstants[0] == 1 && kKeccakRoundConstants[23] == 0x8000000080008008);

// Calls f(0), ..., f(N - 1) with compile-time arguments.
template <std::size_t N, class F>
[[gnu::always_inline]] inline void static_for(F f) noexcept {
  [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
    (f(std::integral_constant<std::size_t, i>{}), ...);
  }
  (std::make_index_sequence<N>{});
}

// What Keccak needs of a word, in the operators that integers and vectors share. A vector may know
// better and hide these.
template <class W>
struct WordOps {
  using Word = W;

  template <unsigned n>
  [[gnu::always_inline]] static Word rotate_left(Word w) noexcept {
    if constexpr (n == 0) return w;
    return (w << n) | (w >> ((64 - n) % 64));
  }
  [[gnu::always_inline]] static Word xor3(Word a, Word b, Word c) noexcept { return a ^ b ^ c; }
  [[gnu::always_inline]] static Word chi(Word a, Word b, Word c) noexcept { return a ^ (~b & c); }

  // What theta adds to the words of a column: the sum of two parities.
  using Addend = Word;
  [[gnu::always_inline]] static Addend addend(Word left, Word right) noexcept {
    return left ^ right;
  }
  [[gnu::always_inline]] static Word add(Word word, Addend addend) noexcept {
    return word ^ addend;
  }

  // The same in each lane.
  [[gnu::always_inline]] static Word repeat(std::uint64_t w) noexcept { return Word{} + w; }
};

using PlainWord = WordOps<std::uint64_t>;

// One round, from `a` to `b`. `parity` holds the parity of each column of `a`, and then of `b`: it
// falls out of chi while the words are still in registers.
template <class Ops>
[[gnu::always_inline]] inline void keccak_round(const typename Ops::Word (&a)[kKeccakWords],
                                                typename Ops::Word (&b)[kKeccakWords],
                                                typename Ops::Word (&parity)[5],
                                                std::uint64_t round_constant) noexcept {
  using Word = typename Ops::Word;
  typename Ops::Addend d[5];
  static_for<5>([&](auto x) __attribute__((always_inline)) {
    d[x] = Ops::addend(parity[(x + 4) % 5], Ops::template rotate_left<1>(parity[(x + 1) % 5]));
  });
  static_for<5>([&](auto y) __attribute__((always_inline)) {
    Word row[5];  // row y after theta, rho and pi: A'[x, y] = A[(x + 3 y) mod 5, x]
    static_for<5>([&](auto x) __attribute__((always_inline)) {
      constexpr std::size_t from_x = (x + 3 * y) % 5, from = from_x + 5 * x;
      row[x] = Ops::template rotate_left<kKeccakRotations[from]>(Ops::add(a[from], d[from_x]));
    });
    static_for<5>([&](auto x) __attribute__((always_inline)) {
      Word word = Ops::chi(row[x], row[(x + 1) % 5], row[(x + 2) % 5]);
      if constexpr (x == 0 && y == 0) word = word ^ Ops::repeat(round_constant);  // iota
      if constexpr (y == 2) parity[x] = Ops::xor3(word, b[x], b[x + 5]);
      if constexpr (y == 4) parity[x] = Ops::xor3(word, parity[x], b[x + 15]);
      b[x + 5 * y] = word;
    });
  });
}

// KECCAK-p[1600, rounds] (FIPS 202, Algorithm 7): the last rounds of Keccak-f, an even number.
template <class Ops, std::size_t rounds>
[[gnu::always_inline]] inline void keccak_p1600(typename Ops::Word* state) noexcept {
  static_assert(rounds % 2 == 0 && rounds <= kKeccakRounds);
  using Word = typename Ops::Word;
  Word a[kKeccakWords], b[kKeccakWords], parity[5];
  static_for<kKeccakWords>([&](auto i) __attribute__((always_inline)) { a[i] = state[i]; });
  static_for<5>([&](auto x) __attribute__((always_inline)) {
    parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  });
  for (std::size_t round = kKeccakRounds - rounds; round < kKeccakRounds; round += 2) {
    keccak_round<Ops>(a, b, parity, kKeccakRoundConstants[round]);
    keccak_round<Ops>(b, a, parity, kKeccakRoundConstants[round + 1]);
  }
  static_for<kKeccakWords>([&](auto i) __attribute__((always_inline)) { state[i] = a[i]; });
}

// The same with 24 rounds.
template <class Ops>
[[gnu::always_inline]] inline void keccak_f1600(typename Ops::Word* state) noexcept {
  keccak_p1600<Ops, kKeccakRounds>(state);
}

}  // namespace latchkey::mlkem
