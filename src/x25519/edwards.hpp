// Points of the curve edwards25519 (RFC 7748, section 4.1), -x^2 + y^2 = 1 + d x^2 y^2, which is
// the Montgomery curve in other coordinates: u = (1 + y) / (1 - y).
//
// Formulas: H. Hisil, K. K.-H. Wong, G. Carter, E. Dawson, "Twisted Edwards Curves Revisited"
// (2008), section 3.1. They are complete: no input is an exception.
#pragma once

#include "x25519/encoding.hpp"

namespace latchkey::x25519 {

// x = X / Z, y = Y / Z, x y = T / Z.
template <class Field>
struct Point {
  typename Field::Product T, X, Y, Z;  // in the order in which they are made

  [[gnu::always_inline]] static constexpr Point neutral() noexcept {
    return {Field::number(0), Field::number(0), Field::number(1), Field::number(1)};
  }
};

// A point of the table: (y + x) / 2, (y - x) / 2, d x y.
template <class Field>
struct TablePoint {
  typename Field::Factor half_sum, half_difference, dxy;
};

template <class Field>
[[gnu::always_inline]] constexpr Point<Field> from_half_products(
    const typename Field::Product& A, const typename Field::Product& B,
    const typename Field::Product& C, const typename Field::Product& D) noexcept {
  const auto E = Field::subtract(B, A), H = Field::add(B, A);
  const auto F = Field::subtract(D, C), G = Field::add(D, C);
  return {Field::multiply(E, H), Field::multiply(E, F), Field::multiply(G, H),
          Field::multiply(F, G)};
}

template <class Field>
[[gnu::always_inline]] constexpr Point<Field> add(const Point<Field>& p,
                                                  const TablePoint<Field>& q) noexcept {
  const auto A = Field::multiply(Field::subtract(p.Y, p.X), q.half_difference);
  const auto B = Field::multiply(Field::add(p.Y, p.X), q.half_sum);
  const auto C = Field::multiply(Field::factor(p.T), q.dxy);
  return from_half_products<Field>(A, B, C, p.Z);
}

// two_d is 2 d.
template <class Field>
[[gnu::always_inline]] constexpr Point<Field> add(const Point<Field>& p, const Point<Field>& q,
                                                  const typename Field::Factor& two_d) noexcept {
  const auto A = Field::multiply(Field::subtract(p.Y, p.X), Field::subtract(q.Y, q.X));
  const auto B = Field::multiply(Field::add(p.Y, p.X), Field::add(q.Y, q.X));
  const auto TT = Field::multiply(Field::factor(p.T), Field::factor(q.T));
  const auto C = Field::multiply(Field::factor(TT), two_d);
  const auto D = Field::multiply(Field::factor(p.Z), Field::add(q.Z, q.Z));
  return from_half_products<Field>(A, B, C, D);
}

}  // namespace latchkey::x25519
