#include "x25519/comb_table.hpp"

#include <utility>

#include "x25519/constant_field.hpp"

namespace latchkey::x25519 {
namespace {

using namespace constants;
using NumberPoint = Point<ConstantField>;

// The entries of a position, as projective points. Compilers limit the work for one constant, so
// each position is a constant of its own, and so is all that follows.
struct Multiples {
  NumberPoint point[kEntries];
  Number all_Z;  // the product of their Z
};

consteval Multiples make_multiples(const NumberPoint& first) {
  Multiples multiples{};
  multiples.all_Z = number(1);
  for (std::size_t j = 0; j < kEntries; ++j) {
    multiples.point[j] = j == 0 ? first : add<ConstantField>(multiples.point[j - 1], first, kTwoD);
    multiples.all_Z = multiples.all_Z * multiples.point[j].Z;
  }
  return multiples;
}
consteval NumberPoint twice(const NumberPoint& p) { return add<ConstantField>(p, p, kTwoD); }

template <std::size_t i>
constexpr Multiples kMultiples = make_multiples(twice(kMultiples<i - 1>.point[kEntries - 1]));
template <>
constexpr Multiples kMultiples<0> = make_multiples({kBaseX * kBaseY, kBaseX, kBaseY, number(1)});

// One reciprocal for all: the product of every Z up to position i, and its inverse.
template <std::size_t i>
constexpr Number kProduct = kProduct<i - 1>* kMultiples<i>.all_Z;
template <>
constexpr Number kProduct<0> = kMultiples<0>.all_Z;
template <std::size_t i>
constexpr Number kInverse = kInverse<i + 1>* kMultiples<i + 1>.all_Z;
template <>
constexpr Number kInverse<kPositions - 1> = reciprocal(kProduct<kPositions - 1>);

struct Entries {
  TablePoint<ConstantField> entry[kEntries];
};
consteval Entries make_entries(const Multiples& multiples, const Number& all_Z_inverse) {
  Number before[kEntries]{};
  Number all = number(1);
  for (std::size_t j = 0; j < kEntries; ++j) {
    before[j] = all;
    all = all * multiples.point[j].Z;
  }
  Entries entries{};
  Number half_inverse = all_Z_inverse * kHalf;
  for (std::size_t j = kEntries; j-- > 0;) {
    const NumberPoint& p = multiples.point[j];
    const Number half_Z_inverse = half_inverse * before[j];
    half_inverse = half_inverse * p.Z;
    const Number half_x = p.X * half_Z_inverse, half_y = p.Y * half_Z_inverse;
    entries.entry[j] = {ConstantField::add(half_y, half_x), ConstantField::subtract(half_y, half_x),
                        half_x * half_y * (number(4) * kD)};
  }
  return entries;
}
template <std::size_t i>
constexpr Entries kEntriesOf = make_entries(kMultiples<i>, kInverse<i>* kProduct<i - 1>);
template <>
constexpr Entries kEntriesOf<0> = make_entries(kMultiples<0>, kInverse<0>);

constexpr void write(std::uint64_t (&to)[kLimbs][kLanes], std::size_t lane, const Number& from) {
  const auto limbs = canonical(from.limb);
  for (std::size_t k = 0; k < kLimbs; ++k) to[k][lane] = limbs.limb[k];
}
constexpr void write(CombTable& table, std::size_t i, const Entries& entries) {
  for (std::size_t j = 0; j < kEntries; ++j) {
    CombEntry& entry = table.row[i / kLanes][j];
    write(entry.half_sum, i % kLanes, entries.entry[j].half_sum);
    write(entry.half_difference, i % kLanes, entries.entry[j].half_difference);
    write(entry.dxy, i % kLanes, entries.entry[j].dxy);
  }
}
template <std::size_t... positions>
consteval CombTable make_table(std::index_sequence<positions...>) {
  CombTable table{};
  (write(table, positions, kEntriesOf<positions>), ...);
  return table;
}

}  // namespace

constinit const CombTable comb_table = make_table(std::make_index_sequence<kPositions>());

}  // namespace latchkey::x25519
