// The ladder of quad_ladder.hpp in eight lanes: sums and differences are squared at once, and the
// multiplication by constants is split between the halves.
//
//     lanes          0     1     2     3     4     5     6     7
//     state          A     B     C     D     A     B     C     D
//     multiplied by  A     B     B     A     A     B     B     A
//     products       u     v     CB    DA    u     v     CB    DA
//     sums           u     v     S     S     E     -E    T     -T
//     squares        u^2   v^2   S^2   S^2   E^2   E^2   T^2   T^2
#pragma once

#include "x25519/lane_field.hpp"
#include "x25519/quad_ladder.hpp"

namespace latchkey::x25519 {

template <class V>
class WideLadder {
 public:
  using Field = LaneField<V>;
  using Factor = typename Field::Factor;
  using Product = typename Field::Product;

  // As QuadStart.
  template <class StartProduct>
  [[gnu::always_inline]] explicit WideLadder(const StartProduct& x1) noexcept {
    const QuadStart<V> start(x1);
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
    const QuadIndex<V> index(swap);
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

}  // namespace latchkey::x25519
