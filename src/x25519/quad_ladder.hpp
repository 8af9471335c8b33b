// One Montgomery ladder in four lanes. It computes what ladder.hpp does, in another order.
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
// T^2. So an iteration is two multiplications and two squarings of vectors:
//
//     lane                0            1               2         3
//     state               A            B               C         D
//     multiplied by       A            B               B         A
//     products            u            v               CB        DA
//     sums                u            v               S         S
//     differences         E           -E               T        -T
//     next state          u^2          v^2             S^2       S^2
//                       + a24 E^2    - (a24 + 1) E^2   + x1 T^2  - x1 T^2
#pragma once

#include "x25519/encoding.hpp"
#include "x25519/ladder.hpp"

namespace latchkey::x25519 {

// Where the lanes of the state are, and by what they are multiplied. swap is 0 or 1: 1 exchanges
// (A, B) and (C, D).
template <class V>
struct QuadIndex {
  [[gnu::always_inline]] explicit QuadIndex(std::uint64_t swap) noexcept
      : state(V::of(0, 1, 2, 3) ^ V::all(2 * swap)), other(V::of(0, 1, 1, 0) ^ V::all(2 * swap)) {}
  V state, other;
};

// The first state, and a24, -(a24 + 1), x1, -x1, in limbs of 51 bits.
template <class V>
struct QuadStart {
  // Product is ScalarField's. The tests take one of which only bounds are known.
  template <class Product>
  [[gnu::always_inline]] explicit QuadStart(const Product& x1) noexcept {
    for (std::size_t k = 0; k < kLimbs; ++k) {
      const std::uint64_t one = k == 0 ? 1 : 0, p = modulus_limb(k);
      const auto u = x1.limb[k];
      state[k] = V::of(one, one, u + one, u + p - one);
      constants[k] = V::of(one * kA24, p - one * (kA24 + 1), u, 2 * p - u);
    }
  }
  V state[kLimbs], constants[kLimbs];
};

// F: HalfLimbField<V>.
template <class F, class V>
class QuadLadder {
 public:
  [[gnu::always_inline]] explicit QuadLadder(const ScalarField::Product& x1) noexcept {
    const QuadStart<V> start(x1);
    state_ = F::carry(F::from_sums(start.state).limb);
    constants_ = F::multiplier(F::carry(F::from_sums(start.constants).limb));
  }

  [[gnu::always_inline]] void step(std::uint64_t swap) noexcept {
    const QuadIndex<V> index(swap);
    typename F::Factor state, other;
    for (std::size_t k = 0; k < F::kHalves; ++k) {
      state.limb[k] = permute(state_.limb[k], index.state);
      other.limb[k] = permute(state_.limb[k], index.other);
    }
    const auto products = F::multiply(state, other);
    V sums[F::kHalves], differences[F::kHalves];
    for (std::size_t k = 0; k < F::kHalves; ++k) {
      const V neighbour = permute<1, 0, 3, 2>(products.limb[k]);
      sums[k] = add_in<0b1100>(products.limb[k], neighbour);
      differences[k] = products.limb[k] + F::bias(k) - neighbour;
    }
    const auto squares = F::square(F::carry(sums));
    const auto multiples = F::multiply(F::factor(F::square(F::carry(differences))), constants_);
    state_ = F::add(squares, multiples);
  }

  // x2 / z2
  [[gnu::always_inline]] RatioOf<ScalarField::Factor> result() const noexcept {
    V limb[kLimbs];
    F::to_limbs(limb, state_);
    RatioOf<ScalarField::Factor> ratio;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      std::uint64_t lane[V::kLanes];
      limb[k].store(lane);
      ratio.numerator.limb[k] = lane[0] + lane[1];
      ratio.denominator.limb[k] = lane[0] + 2 * modulus_limb(k) - lane[1];
    }
    return ratio;
  }

 private:
  typename F::Factor state_;
  typename F::Multiplier constants_;
};

// L: QuadLadder, or another that has its functions.
template <class L, class Bit>
inline RatioOf<ScalarField::Factor> run_ladder(Bit bit, const ScalarField::Product& u) noexcept {
  L ladder(u);
  std::uint64_t previous = 0;
  for (unsigned t = 255; t-- > 0;) {
    const std::uint64_t k_t = bit(t);
    ladder.step(previous ^ k_t);
    previous = k_t;
  }
  return ladder.result();
}

}  // namespace latchkey::x25519
