// A multiple of the base point: the sum of one table entry for each of the scalar's 64 digits,
// without doublings. Every entry of the table is read, whatever the digits.
#pragma once

#include <new>

#include "x25519/comb_table.hpp"
#include "x25519/constant_field.hpp"
#include "x25519/ladder.hpp"
#include "x25519/lane_field.hpp"

namespace latchkey::x25519 {

// A scalar as the sum of digit[i] 16^i, with digits from -8 to 8. With 8 added to each digit but
// the highest, they are what a number has in radix 16: this number. k < 2^255, so the highest digit
// is at most 8.
inline constexpr std::uint64_t kEights = 0x8888888888888888;
template <class Word>
[[gnu::always_inline]] inline WordsOf<Word> add_eights(const WordsOf<Word>& k) noexcept {
  constexpr std::uint64_t kAdded[4] = {kEights, kEights, kEights, kEights ^ std::uint64_t{8} << 60};
  WordsOf<Word> sum;
  Word carry = Word(0);
  for (std::size_t i = 0; i < 4; ++i) {
    const Word a = k.word[i], b = Word(kAdded[i]);
    sum.word[i] = a + b + carry;
    carry = carry_of(a, b, sum.word[i]);
  }
  return sum;
}

// For the eight digits of a row: where they are, and what was added to them.
constexpr std::uint64_t kShift[] = {0, 4, 8, 12, 16, 20, 24, 28};
constexpr std::uint64_t kAdded[] = {8, 8, 8, 8, 8, 8, 8, 8};
constexpr std::uint64_t kAddedToLast[] = {8, 8, 8, 8, 8, 8, 8, 0};

// The table's entries for the digits of positions first, first + 1, ..., one in each lane. `sum` is
// that of add_eights(). The entry for digit 0 is (1/2, 1/2, 0).
template <class V>
[[gnu::always_inline]] inline TablePoint<LaneField<V>> look_up(const Words& sum,
                                                               std::size_t first) noexcept {
  const std::size_t row = first / kLanes, column = first % kLanes;
  const V digits =
      (V::all(sum.word[first / 16] >> (4 * (first % 16))) >> V::load(kShift)) & V::all(15);
  const V digit = digits - V::load((row == kRows - 1 ? kAddedToLast : kAdded) + column);
  const V is_negative = V::all(0) - shift_right<63>(digit);
  const V magnitude = (digit ^ is_negative) - is_negative;

  V is_this[kEntries];
  for (std::size_t j = 0; j < kEntries; ++j) is_this[j] = equals(magnitude, V::all(j + 1));
  const auto chosen = [&](const std::uint64_t(CombEntry::*part)[kLimbs][kLanes], std::size_t k,
                          V limb) __attribute__((always_inline)) {
    for (std::size_t j = 0; j < kEntries; ++j) {
      limb = select(is_this[j], V::load((comb_table.row[row][j].*part)[k] + column), limb);
    }
    return limb;
  };
  TablePoint<LaneField<V>> found;
  for (std::size_t k = 0; k < kLimbs; ++k) {
    const V half = V::all(constants::kHalf.limb[k]);
    found.half_sum.limb[k] = chosen(&CombEntry::half_sum, k, half);
    found.half_difference.limb[k] = chosen(&CombEntry::half_difference, k, half);
    found.dxy.limb[k] = chosen(&CombEntry::dxy, k, V::all(0));
  }
  // -(x, y) is (-x, y). No dxy of the table has a limb above that of p.
  for (std::size_t k = 0; k < kLimbs; ++k) {
    V& half_sum = found.half_sum.limb[k];
    V& half_difference = found.half_difference.limb[k];
    V& dxy = found.dxy.limb[k];
    const V old_sum = half_sum;
    half_sum = select(is_negative, half_difference, half_sum);
    half_difference = select(is_negative, old_sum, half_difference);
    dxy = select(is_negative, V::all(modulus_limb(k)) - dxy, dxy);
  }
  return found;
}

// The u-coordinate of y: (1 + y) / (1 - y). The denominator is not 0: a scalar of X25519 is a
// multiple of 8, below 8 times the base point's order, and so no multiple of that order.
template <class Field>
[[gnu::always_inline]] inline RatioOf<typename Field::Factor> u_of(const Point<Field>& p) noexcept {
  return {Field::add(p.Z, p.Y), Field::subtract(p.Z, p.Y)};
}

// With x and y themselves: 2 x 1/2 is a product as well, and Z = 1.
template <class V>
[[gnu::always_inline]] inline Point<LaneField<V>> point_of(
    const TablePoint<LaneField<V>>& q) noexcept {
  using Field = LaneField<V>;
  const auto sum = Field::product(q.half_sum), difference = Field::product(q.half_difference);
  const auto x = Field::subtract(sum, difference), y = Field::add(sum, difference);
  return {Field::multiply(x, y), Field::product(x), Field::product(y), Field::number(1)};
}

// In the lanes of V: each adds up its position of every row, and then they are added to each other.
template <class V>
[[gnu::always_inline]] inline RatioOf<ScalarField::Factor> lane_comb(const Words& k) noexcept {
  using Field = LaneField<V>;
  static_assert(V::kLanes == 8);
  const Words digits = add_eights(k);
  auto sum = point_of(look_up<V>(digits, 0));
  for (std::size_t first = 8; first < kPositions; first += 8) {
    sum = add(sum, look_up<V>(digits, first));
  }

  // The lanes, in a loop that is not unrolled: a program that calls this only now and then fetches
  // the code from memory, and three copies of its body would be 19 KB more.
  typename Field::Factor two_d;
  for (std::size_t i = 0; i < kLimbs; ++i) two_d.limb[i] = V::all(constants::kTwoD.limb[i]);
#pragma GCC unroll 1
  for (std::uint64_t distance = 4; distance > 0; distance /= 2) {
    static constexpr std::uint64_t kOwn[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const V index = V::load(kOwn) ^ V::all(distance);
    Point<Field> other;
    for (std::size_t i = 0; i < kLimbs; ++i) {
      other.X.limb[i] = permute(sum.X.limb[i], index);
      other.Y.limb[i] = permute(sum.Y.limb[i], index);
      other.Z.limb[i] = permute(sum.Z.limb[i], index);
      other.T.limb[i] = permute(sum.T.limb[i], index);
    }
    sum = add<Field>(sum, other, two_d);
  }

  const auto u = u_of<Field>(sum);
  RatioOf<ScalarField::Factor> result;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    std::uint64_t lanes[8];
    u.numerator.limb[i].store(lanes);
    result.numerator.limb[i] = lanes[0];
    u.denominator.limb[i].store(lanes);
    result.denominator.limb[i] = lanes[0];
  }
  return result;
}

// One point after the other. The table is read in lanes of V.
template <class V, class Field>
[[gnu::always_inline]] inline RatioOf<typename Field::Factor> comb(const Words& k) noexcept {
  const Words digits = add_eights(k);
  auto sum = Point<Field>::neutral();
  for (std::size_t first = 0; first < kPositions; first += V::kLanes) {
    const auto found = look_up<V>(digits, first);
    std::uint64_t half_sum[kLimbs][V::kLanes], half_difference[kLimbs][V::kLanes],
        dxy[kLimbs][V::kLanes];
    for (std::size_t i = 0; i < kLimbs; ++i) {
      found.half_sum.limb[i].store(half_sum[i]);
      found.half_difference.limb[i].store(half_difference[i]);
      found.dxy.limb[i].store(dxy[i]);
    }
    const auto entry = [&](std::size_t lane) __attribute__((always_inline)) {
      const auto of = [lane](const std::uint64_t(&limbs)[kLimbs][V::kLanes]) noexcept {
        return Field::from_limbs(limbs[0][lane], limbs[1][lane], limbs[2][lane], limbs[3][lane],
                                 limbs[4][lane]);
      };
      return TablePoint<Field>{of(half_sum), of(half_difference), of(dxy)};
    };
    // Two at a time, each sum in its own place, as compilers would copy what is assigned.
    for (std::size_t lane = 0; lane < V::kLanes; lane += 2) {
      const auto next = add<Field>(sum, entry(lane));
      ::new (&sum) Point<Field>(add<Field>(next, entry(lane + 1)));
    }
  }
  return u_of<Field>(sum);
}

}  // namespace latchkey::x25519
