// Multiples of the base point, made at compile time: entry j of position i is (j + 1) 16^i B.
#pragma once

#include "x25519/limbs.hpp"

namespace latchkey::x25519 {

// A scalar is 64 digits in radix 16. Eight rows of eight positions: the positions of a row lie side
// by side, in the lanes of a vector.
inline constexpr std::size_t kPositions = 64;
inline constexpr std::size_t kEntries = 8;  // digits are from -8 to 8
inline constexpr std::size_t kLanes = 8;
inline constexpr std::size_t kRows = kPositions / kLanes;

// The three coordinates of a TablePoint, from 0 to p - 1.
struct alignas(64) CombEntry {
  std::uint64_t half_sum[kLimbs][kLanes];
  std::uint64_t half_difference[kLimbs][kLanes];
  std::uint64_t dxy[kLimbs][kLanes];
};
struct CombTable {
  CombEntry row[kRows][kEntries];
};
extern const CombTable comb_table;  // 61,440 bytes

}  // namespace latchkey::x25519
