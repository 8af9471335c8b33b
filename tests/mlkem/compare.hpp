// What kernels are given, and how their output is compared with an oracle's.
#pragma once

#include <string>

#include "mlkem/oracle.hpp"
#include "mlkem/poly.hpp"
#include "support/random.hpp"

namespace latchkey::test {

using Coefficients = std::array<std::int16_t, mlkem::kN>;
using CoefficientView = std::span<const std::int16_t, mlkem::kN>;

// The bounds of a contract, both inclusive.
struct Range {
  int low, high;
};
constexpr Range below(int bound) { return {-(bound - 1), bound - 1}; }    // |c| < bound
constexpr Range at_most(int bound) { return {-bound, bound}; }            // |c| <= bound
constexpr Range non_negative_below(int bound) { return {0, bound - 1}; }  // 0 <= c < bound

// Zero; 1, -1 and both ends of the range at each position alone; an end everywhere; alternating
// ends in runs of each length; random values; random ends.
std::vector<Coefficients> inputs(Range range, Random& random);

Coefficients random_coefficients(Range range, Random& random);

// The n-th polynomial in a walk through a range: `size of the range` of them have every value at
// every position.
Coefficients walk(Range range, int n);
constexpr int steps(Range range) { return range.high - range.low + 1; }

void assign(std::int16_t (&to)[mlkem::kN], const Coefficients& from);
bool equal(const std::int16_t (&a)[mlkem::kN], const Coefficients& b);

oracle::Poly modulo_q(CoefficientView f);

// What is wrong with a kernel's output, in words: first any coefficient out of range, then any that
// is not congruent to what the oracle says. Empty if nothing is.
std::string fault(CoefficientView actual, Range range, const oracle::Poly& expected);
std::string fault(oracle::ByteView actual, oracle::ByteView expected);

}  // namespace latchkey::test
