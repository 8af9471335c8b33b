// The Montgomery ladder of RFC 7748, section 5, over any field that has the functions of
// ScalarField.
#pragma once

#include <new>

#include "x25519/encoding.hpp"

namespace latchkey::x25519 {

inline constexpr std::uint32_t kA24 = 121665;  // (A - 2) / 4, for A = 486662

// The points of the ladder: u-coordinates x2 / z2 and x3 / z3.
template <class Field>
struct LadderState {
  typename Field::Product x2, z2, x3, z3;
};

// One iteration. Where `swap` is 1, the points change places first. Then the first one is doubled,
// and the second becomes the sum of both. x1 is the u-coordinate of their difference.
//
// If the points change places, so do A and C, and B and D. DA + CB stays the same, and DA - CB
// changes its sign, which its square has not. So only what is doubled needs to be chosen.
//
// The order is one in which no result is needed right after it was begun. Results are constructed
// where they belong: compilers would copy what is assigned.
template <class Field, class Bit>
[[gnu::always_inline]] inline void ladder_step(LadderState<Field>& state, const Bit& swap,
                                               const typename Field::Factor& x1) noexcept {
  using Product = typename Field::Product;
  const auto A = Field::add(state.x2, state.z2);
  const auto B = Field::subtract(state.x2, state.z2);
  const auto C = Field::add(state.x3, state.z3);
  const auto D = Field::subtract(state.x3, state.z3);
  const auto doubled_A = Field::choose(swap, C, A);
  const auto doubled_B = Field::choose(swap, D, B);
  const auto DA = Field::multiply(D, A);
  const auto CB = Field::multiply(C, B);
  const auto AA = Field::square(doubled_A);
  const auto BB = Field::square(doubled_B);
  const auto difference = Field::subtract(DA, CB);
  const auto sum = Field::add(DA, CB);
  const auto E = Field::subtract(AA, BB);
  const auto difference_squared = Field::square(difference);
  ::new (&state.x3) Product(Field::square(sum));
  const auto F = Field::add_multiple(AA, E, kA24);
  ::new (&state.x2) Product(Field::multiply(Field::factor(AA), Field::factor(BB)));
  ::new (&state.z2) Product(Field::multiply(E, F));
  ::new (&state.z3) Product(Field::multiply(Field::factor(difference_squared), x1));
}

// A u-coordinate is numerator / denominator.
template <class Product>
struct RatioOf {
  Product numerator, denominator;
};

// bit(t) is bit t of the scalar, or of one scalar in each lane. The last three bits are 0, so after
// the last iteration there is nothing to swap.
template <class Field, class Bit>
[[gnu::always_inline]] inline RatioOf<typename Field::Product> ladder(
    Bit bit, const typename Field::Product& u) noexcept {
  const auto x1 = Field::factor(u);
  LadderState<Field> state{Field::number(1), Field::number(0), u, Field::number(1)};
  auto previous = bit(255);  // 0
  for (unsigned t = 255; t-- > 0;) {
    const auto k_t = bit(t);
    ladder_step<Field>(state, previous ^ k_t, x1);
    previous = k_t;
  }
  return {state.x2, state.z2};
}

// Bit t of one scalar.
[[gnu::always_inline]] inline auto bits_of(const Words& k) noexcept {
  return [&k](unsigned t) noexcept { return k.word[t / 64] >> (t % 64) & 1; };
}

}  // namespace latchkey::x25519
