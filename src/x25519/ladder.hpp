// The Montgomery ladder of RFC 7748, section 5, over any field that has the functions of
// ScalarField.
#pragma once

#include "x25519/encoding.hpp"

namespace latchkey::x25519 {

inline constexpr std::uint32_t kA24 = 121665;  // (A - 2) / 4, for A = 486662

// The points of the ladder: u-coordinates x2 / z2 and x3 / z3.
template <class Field>
struct LadderState {
  typename Field::Product x2, z2, x3, z3;
};

// One iteration, between the conditional swaps: the first point is doubled, and the second becomes
// the sum of both. x1 is the u-coordinate of their difference.
template <class Field>
[[gnu::always_inline]] inline void ladder_step(LadderState<Field>& state,
                                               const typename Field::Factor& x1) noexcept {
  const auto A = Field::add(state.x2, state.z2);
  const auto AA = Field::square(A);
  const auto B = Field::subtract(state.x2, state.z2);
  const auto BB = Field::square(B);
  const auto E = Field::subtract(AA, BB);
  const auto C = Field::add(state.x3, state.z3);
  const auto D = Field::subtract(state.x3, state.z3);
  const auto DA = Field::multiply(D, A);
  const auto CB = Field::multiply(C, B);
  state.x3 = Field::square(Field::add(DA, CB));
  state.z3 = Field::multiply(Field::factor(Field::square(Field::subtract(DA, CB))), x1);
  state.x2 = Field::multiply(Field::factor(AA), Field::factor(BB));
  state.z2 = Field::multiply(E, Field::add(AA, Field::multiply(E, kA24)));
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
    Field::swap_if(previous ^ k_t, state.x2, state.x3);
    Field::swap_if(previous ^ k_t, state.z2, state.z3);
    previous = k_t;
    ladder_step<Field>(state, x1);
  }
  return {state.x2, state.z2};
}

// Bit t of one scalar.
[[gnu::always_inline]] inline auto bits_of(const Words& k) noexcept {
  return [&k](unsigned t) noexcept { return k.word[t / 64] >> (t % 64) & 1; };
}

}  // namespace latchkey::x25519
