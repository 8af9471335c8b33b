// The reductions of the SIMD backends, which their kernels use inside, on sixteen numbers at a
// time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace latchkey::test {

using Lanes = std::array<std::int16_t, 16>;

// Factors for Montgomery multiplication: themselves, and times q^-1.
struct LaneFactors {
  Lanes value, value_q_inverse;
};

// Of one SIMD backend, compiled with its flags (vector_reductions.cpp).
struct VectorReductions {
  const char* name;
  // x times factor / R in each lane.
  void (*multiply)(Lanes& x, const LaneFactors& factors);
  void (*reduce)(Lanes& x);
  void (*canonical)(Lanes& x);
  void (*compress10)(Lanes& x);
  void (*compress4)(Lanes& x);
  void (*compress1)(Lanes& x);

  // Every factor in use.
  const LaneFactors* factors;
  std::size_t factor_count;
};

}  // namespace latchkey::test

#define LATCHKEY_VECTOR_BACKEND(name)                    \
  namespace latchkey::name {                             \
  extern const test::VectorReductions vector_reductions; \
  }
#include "vector_backends.inc"
#undef LATCHKEY_VECTOR_BACKEND
