// Vectors of eight lanes for the analyses, with the functions of Lanes<8> (x25519/lanes.hpp) that
// the field and the ladder use. Word has the arithmetic; it makes a word of a number, and
// known_number() tells the number of a word that has just one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace latchkey::test {

template <class Word>
struct TestLanes {
  static constexpr std::size_t kLanes = 8;
  std::array<Word, kLanes> lane;

  template <class F>
  static TestLanes make(F f) {
    TestLanes result;
    for (std::size_t i = 0; i < kLanes; ++i) result.lane[i] = f(i);
    return result;
  }
  static TestLanes all(const Word& x) {
    return make([&](std::size_t) { return x; });
  }
  static TestLanes of(const Word& a, const Word& b, const Word& c, const Word& d) {
    const Word* const four[] = {&a, &b, &c, &d};
    return make([&](std::size_t i) { return *four[i % 4]; });
  }

  friend TestLanes operator+(const TestLanes& a, const TestLanes& b) {
    return make([&](std::size_t i) { return a.lane[i] + b.lane[i]; });
  }
  friend TestLanes operator-(const TestLanes& a, const TestLanes& b) {
    return make([&](std::size_t i) { return a.lane[i] - b.lane[i]; });
  }
  friend TestLanes operator&(const TestLanes& a, const TestLanes& b) {
    return make([&](std::size_t i) { return a.lane[i] & b.lane[i]; });
  }
  // Of indices.
  friend TestLanes operator^(const TestLanes& a, const TestLanes& b) {
    return make(
        [&](std::size_t i) { return Word(known_number(a.lane[i]) ^ known_number(b.lane[i])); });
  }
  template <unsigned n>
  friend TestLanes shift_right(const TestLanes& a) {
    return make([&](std::size_t i) { return a.lane[i] >> n; });
  }
  template <unsigned n>
  friend TestLanes shift_left(const TestLanes& a) {
    return make([&](std::size_t i) { return a.lane[i] << n; });
  }
  friend TestLanes multiply_low(const TestLanes& sum, const TestLanes& a, const TestLanes& b) {
    return make([&](std::size_t i) { return sum.lane[i] + product_low(a.lane[i], b.lane[i]); });
  }
  friend TestLanes multiply_high(const TestLanes& sum, const TestLanes& a, const TestLanes& b) {
    return make([&](std::size_t i) { return sum.lane[i] + product_high(a.lane[i], b.lane[i]); });
  }
  friend TestLanes opaque(const TestLanes& a) { return a; }

  template <unsigned lanes>
  friend TestLanes choose(const TestLanes& others, const TestLanes& chosen) {
    return make(
        [&](std::size_t i) { return (lanes >> i & 1) != 0 ? chosen.lane[i] : others.lane[i]; });
  }
  template <unsigned lanes>
  friend TestLanes add_in(const TestLanes& a, const TestLanes& b) {
    return make(
        [&](std::size_t i) { return (lanes >> i & 1) != 0 ? a.lane[i] + b.lane[i] : a.lane[i]; });
  }
  template <unsigned lanes>
  friend TestLanes subtract_in(const TestLanes& a, const TestLanes& b) {
    return make(
        [&](std::size_t i) { return (lanes >> i & 1) != 0 ? a.lane[i] - b.lane[i] : a.lane[i]; });
  }
  friend TestLanes permute(const TestLanes& x, const TestLanes& index) {
    return make([&](std::size_t i) { return x.lane[known_number(index.lane[i]) % kLanes]; });
  }
  template <unsigned a, unsigned b, unsigned c, unsigned d>
  friend TestLanes permute(const TestLanes& x) {
    constexpr std::size_t kFrom[] = {a, b, c, d};
    return make([&](std::size_t i) { return x.lane[i / 4 * 4 + kFrom[i % 4]]; });
  }
  friend TestLanes swap_halves(const TestLanes& x) {
    return make([&](std::size_t i) { return x.lane[i ^ 4]; });
  }
  friend TestLanes high_halves(const TestLanes& a, const TestLanes& b) {
    return make([&](std::size_t i) { return i < 4 ? a.lane[i + 4] : b.lane[i]; });
  }

  friend void check_below(const TestLanes& x, std::uint64_t bound, const char* what) {
    for (const Word& word : x.lane) check_below(word, bound, what);
  }
};

}  // namespace latchkey::test
