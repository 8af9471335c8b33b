// One Montgomery ladder in eight lanes. It computes what ladder.hpp does, in another order.
//
// The state is A = x2 + z2, B = x2 - z2, C = x3 + z3, D = x3 - z3 of RFC 7748. With
//
//     u = AA,  v = BB,  E = u - v,  S = CB + DA,  T = CB - DA
//
// the next state is
//
//     A' = u^2 + a24 E^2,  B' = v^2 - (a24 + 1) E^2,  C' = S^2 + x1 T^2,  D' = S^2 - x1 T^2
//
// since x2' + z2' = u v + E (u + a24 E), x2' - z2' = u v - E (u + a24 E), x3' = S^2 and z3' = x1
// T^2. So an iteration is a multiplication of vectors, a squaring, and a multiplication by
// constants, which is split between the halves:
//
//     lanes          0     1     2     3     4     5     6     7
//     state          A     B     C     D     A     B     C     D
//     multiplied by  A     B     B     A     A     B     B     A
//     products       u     v     CB    DA    u     v     CB    DA
//     sums           u     v     S     S     E     -E    T     -T
//     squares        u^2   v^2   S^2   S^2   E^2   E^2   T^2   T^2
#pragma once

#include "x25519/ladder.hpp"
#include "x25519/lane_field.hpp"

namespace latchkey::x25519 {

// Where the lanes of the state are, and by what they are multiplied. swap is 0 or 1: 1 exchanges
// (A, B) and (C, D).
template <class V>
struct LaneIndex {
  [[gnu::always_inline]] explicit LaneIndex(std::uint64_t swap) noexcept
      : state(V::of(0, 1, 2, 3) ^ V::all(2 * swap)), other(V::of(0, 1, 1, 0) ^ V::all(2 * swap)) {}
  V state, other;
};

// The first state, and a24, -(a24 + 1), x1, -x1, in limbs of 51 bits.
template <class V>
struct LaneStart {
  // Product is ScalarField's. The tests take one of which only bounds are known.
  template <class Product>
  [[gnu::always_inline]] explicit LaneStart(const Product& x1) noexcept {
    for (std::size_t k = 0; k < kLimbs; ++k) {
      const std::uint64_t one = k == 0 ? 1 : 0, p = modulus_limb(k);
      const auto u = x1.limb[k];
      state[k] = V::of(one, one, u + one, u + p - one);
      constants[k] = V::of(one * kA24, p - one * (kA24 + 1), u, 2 * p - u);
    }
  }
  V state[kLimbs], constants[kLimbs];
};

template <class V>
class WideLadder {
 public:
  using Field = LaneField<V>;
  using Factor = typename Field::Factor;
  using Product = typename Field::Product;

  // As LaneStart.
  template <class StartProduct>
  [[gnu::always_inline]] explicit WideLadder(const StartProduct& x1) noexcept {
    const LaneStart<V> start(x1);
    state_ = Field::carry(start.state);
    Factor shifted[kLimbs];  // the constants times 2^(51 i)
    shifted[0] = Field::carry(start.constants);
    for (std::size_t i = 1; i < kLimbs; ++i) shifted[i] = shift_by_a_limb(shifted[i - 1]);
    for (std::size_t k = 0; k < kLimbs; ++k) {
      row_[0][k] = choose<0xf0>(shifted[0].limb[k], shifted[3].limb[k]);
      row_[1][k] = choose<0xf0>(shifted[1].limb[k], shifted[4].limb[k]);
      row_[2][k] = choose<0xf0>(shifted[2].limb[k], V::all(0));
    }
  }

  [[gnu::always_inline]] void step(std::uint64_t swap) noexcept {
    const LaneIndex<V> index(swap);
    Factor state, other;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      state.limb[k] = permute(state_.limb[k], index.state);
      other.limb[k] = permute(state_.limb[k], index.other);
    }
    const Product products = Field::multiply(state, other);
    V sums[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) {
      const V neighbour = permute<1, 0, 3, 2>(products.limb[k]);
      const V biased = add_in<0xf0>(products.limb[k], Field::bias(k));
      sums[k] = subtract_in<0xf0>(add_in<0x0c>(biased, neighbour), neighbour);
    }
    state_ = add_multiples(Field::square(Field::carry(sums)));
  }

  // x2 / z2
  [[gnu::always_inline]] RatioOf<ScalarField::Factor> result() const noexcept {
    RatioOf<ScalarField::Factor> ratio;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      std::uint64_t lane[V::kLanes];
      state_.limb[k].store(lane);
      ratio.numerator.limb[k] = lane[0] + lane[1];
      ratio.denominator.limb[k] = lane[0] + 2 * modulus_limb(k) - lane[1];
    }
    return ratio;
  }

 protected:
  Factor state_;  // for the tests, which begin with any state

 private:
  // 2^51 a
  [[gnu::always_inline]] static Factor shift_by_a_limb(const Factor& a) noexcept {
    V limb[kLimbs] = {Field::fold(a.limb[4]), a.limb[0], a.limb[1], a.limb[2], a.limb[3]};
    return Field::carry(limb);
  }

  // Lanes 0 to 3, and the constants times lanes 4 to 7; in both halves. Limbs 0 to 2 of the latter
  // are multiplied in the lower half, and limbs 3 and 4 in the upper one; the constants are there
  // times 2^(51 i), so nothing has more than five limbs.
  [[gnu::always_inline]] Factor add_multiples(const Product& squares) const noexcept {
    const Factor carried = Field::factor(squares);
    const V multiplied[] = {high_halves(carried.limb[0], carried.limb[3]),
                            high_halves(carried.limb[1], carried.limb[4]),
                            high_halves(carried.limb[2], carried.limb[2])};
    V low[kLimbs], high[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) {
      low[k] = choose<0xf0>(squares.limb[k], V::all(0));
      high[k] = V::all(0);
    }
    for (const std::size_t i : {1u, 2u, 0u}) {  // limb 0 is ready last
      for (std::size_t k = kLimbs; k-- > 0;) {
        high[k] = multiply_high(high[k], multiplied[i], row_[i][k]);
        low[k] = multiply_low(low[k], multiplied[i], row_[i][k]);
      }
    }
    V sum[kLimbs];
    for (std::size_t k = 0; k < kLimbs; ++k) {
      const V above = high[(k + 4) % kLimbs] + high[(k + 4) % kLimbs];
      const V half = low[k] + (k == 0 ? Field::fold(above) : above);
      sum[k] = half + swap_halves(half);
    }
    return Field::carry(sum);
  }

  V row_[3][kLimbs];
};

template <class V, class Bit>
[[gnu::always_inline]] inline RatioOf<ScalarField::Factor> wide_ladder(
    Bit bit, const ScalarField::Product& u) noexcept {
  WideLadder<V> ladder(u);
  std::uint64_t previous = 0;
  for (unsigned t = 255; t-- > 0;) {
    const std::uint64_t k_t = bit(t);
    ladder.step(previous ^ k_t);
    previous = k_t;
  }
  return ladder.result();
}

}  // namespace latchkey::x25519
