// The curve edwards25519 of RFC 7748, section 4.1, by its affine addition law:
//
//     (x1, y1) + (x2, y2) = ((x1 y2 + x2 y1) / (1 + d x1 x2 y1 y2), (y1 y2 + x1 x2) / (1 - d x1 x2
//     y1 y2))
#pragma once

#include "x25519/proofs/residue.hpp"

namespace latchkey::test {

struct Affine {
  Residue x, y;
};

// The standard's numbers.
inline constexpr Residue kCurveD = Residue::of_decimal(
    "37095705934669439343138083508754565189542113879843219016388785533085940283555");
inline constexpr Affine kBasePoint = {
    Residue::of_decimal(
        "15112221349535400772501151409588531511454012693041857206046113283949847762202"),
    Residue::of_decimal(
        "46316835694926478169428394003475163141307993866256225615783033603165251855960")};

inline constexpr Affine kNeutral = {Residue(0), Residue(1)};

constexpr bool on_curve(const Affine& p) {
  const Residue xx = p.x * p.x, yy = p.y * p.y;
  return yy - xx == Residue(1) + kCurveD * xx * yy;
}
static_assert(on_curve(kBasePoint));
static_assert(Residue(1) + kBasePoint.y == Residue(9) * (Residue(1) - kBasePoint.y), "u = 9");

inline Affine operator+(const Affine& p, const Affine& q) {
  const Residue xy = p.x * q.y, yx = p.y * q.x, dxxyy = kCurveD * xy * yx;
  return {(xy + yx) * inverse(Residue(1) + dxxyy),
          (p.y * q.y + p.x * q.x) * inverse(Residue(1) - dxxyy)};
}
inline Affine operator-(const Affine& p) { return {Residue(0) - p.x, p.y}; }

inline Affine random_point(Random& random) {
  Affine sum = kNeutral, power = kBasePoint;
  for (unsigned bit = 0; bit < 252; ++bit) {
    if (random.between(0, 1) != 0) sum = sum + power;
    power = power + power;
  }
  return sum;
}

}  // namespace latchkey::test
