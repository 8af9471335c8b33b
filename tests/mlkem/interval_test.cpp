// No intermediate value of the portable backend's arithmetic leaves its 16 or 32 bits, whatever the
// input: its own code, run on intervals.

#include "mlkem/interval.hpp"

#include <cstdio>
#include <cstring>

#include "mlkem/compare.hpp"
#include "ref/ntt.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::kN;
using mlkem::kQ;

struct IntervalPoly {
  Interval c[kN];

  explicit IntervalPoly(Range range = {0, 0}) {
    std::fill(c, c + kN, Interval(range.low, range.high));
  }
  // The bounds of all coefficients.
  [[nodiscard]] Range range() const {
    Range all = {c[0].low(), c[0].high()};
    for (const Interval& one : c) {
      all = {std::min(all.low, one.low()), std::max(all.high, one.high())};
    }
    return all;
  }
};

bool within(Range inner, Range outer) { return outer.low <= inner.low && inner.high <= outer.high; }

IntervalPoly ntt(const IntervalPoly& f) {
  IntervalPoly f_hat;
  ref::ntt(f_hat.c, f.c);
  return f_hat;
}
IntervalPoly inverse_ntt(const IntervalPoly& f_hat) {
  IntervalPoly f;
  ref::inverse_ntt(f.c, f_hat.c);
  return f;
}
template <std::size_t k>
IntervalPoly dot(const IntervalPoly& left, const IntervalPoly& right) {
  ref::MultiplierOf<Interval> multipliers[k];
  for (auto& multiplier : multipliers) ref::make_multiplier(multiplier, right.c);
  const Interval* pointers[k];
  std::fill_n(pointers, k, left.c);
  IntervalPoly product;
  ref::dot<k>(product.c, pointers, multipliers);
  return product;
}
IntervalPoly add_product(const IntervalPoly& product, const IntervalPoly& e_hat) {
  IntervalPoly result;
  ref::add_product(result.c, product.c, e_hat.c);
  return result;
}
IntervalPoly operator+(IntervalPoly f, const IntervalPoly& g) {
  ref::add(f.c, g.c);
  return f;
}
IntervalPoly operator-(const IntervalPoly& f, IntervalPoly g) {
  ref::subtract_from(g.c, f.c);
  return g;
}

struct Outcome {
  Range out;
  Extent extent;
};
template <class F>
Outcome analyse(F f) {
  extent = {};
  const Range out = f().range();
  return {out, extent};
}

// Within the contract (mlkem/backend.hpp) nothing escapes, and what comes out keeps its bounds.
template <class F>
void require_bounds(const char* what, Range contract, F f) {
  const Outcome seen = analyse(f);
  std::printf("interval: %-12s out %6d to %5d, at most %lld between\n", what, seen.out.low,
              seen.out.high, static_cast<long long>(seen.extent.largest));
  INFO(what << ": " << seen.out.low << " to " << seen.out.high);
  CHECK(seen.extent.escapes == 0);
  CHECK(within(seen.out, contract));
}

TEST_CASE("No kernel of the portable backend leaves 16 bits, and each keeps its contract") {
  require_bounds("ntt", below(kQ), [] { return ntt(IntervalPoly(at_most(kQ))); });
  require_bounds("inverse_ntt", below(kQ), [] { return inverse_ntt(IntervalPoly(below(4096))); });
  require_bounds("dot", below(4096),
                 [] { return dot<4>(IntervalPoly(below(4096)), IntervalPoly(below(kQ))); });
  require_bounds("add_product", below(kQ),
                 [] { return add_product(IntervalPoly(below(4096)), IntervalPoly(below(kQ))); });
  require_bounds("make_multiplier", below(kQ), [] {
    ref::MultiplierOf<Interval> multiplier;
    ref::make_multiplier(multiplier, IntervalPoly(below(kQ)).c);
    IntervalPoly both;
    std::copy_n(multiplier.b1_gamma, kN / 2, both.c);
    std::copy_n(multiplier.b, kN / 2, both.c + kN / 2);
    return both;
  });
}

// The controls: a contract one larger, or one smaller on the way out, and the analysis objects.
TEST_CASE("The interval analysis sees sums that would leave 16 or 32 bits") {
  CHECK(analyse([] { return inverse_ntt(IntervalPoly(at_most(4095))); }).extent.escapes == 0);
  CHECK(analyse([] { return inverse_ntt(IntervalPoly(at_most(4096))); }).extent.escapes > 0);
  CHECK(analyse([] { return ntt(IntervalPoly(at_most(6 * kQ))); }).extent.escapes > 0);
  const auto product = [](int factor) {
    return analyse(
        [=] { return dot<4>(IntervalPoly(below(factor * kQ)), IntervalPoly(below(kQ))); });
  };
  CHECK(!within(product(2).out, below(4096)));
  CHECK(product(9).extent.escapes == 0);
  CHECK(product(33).extent.escapes > 0);
  CHECK(analyse([] {
          return add_product(IntervalPoly(below(4096)), IntervalPoly(below(32000)));
        }).extent.escapes > 0);
}

// What an encoder takes: |in| < 2q.
constexpr Range kEncodable = below(2 * kQ);

TEMPLATE_TEST_CASE_SIG("The sums of K-PKE stay within what the next step takes", "",
                       ((mlkem::ParameterSet p), p), mlkem::kMlKem512, mlkem::kMlKem768,
                       mlkem::kMlKem1024) {
  const auto dot = [](const IntervalPoly& left, const IntervalPoly& right) {
    return test::dot<p.k>(left, right);
  };
  const IntervalPoly noise(at_most(p.eta1)), a_hat(non_negative_below(kQ));
  // Algorithm 13: t_hat = A_hat s_hat + e_hat, with both NTTs of noise.
  const IntervalPoly s_hat = ntt(noise);
  const IntervalPoly t_hat = add_product(dot(a_hat, s_hat), ntt(noise));
  CHECK(within(s_hat.range(), below(4096)));
  CHECK(within(t_hat.range(), below(4096)));
  // Keys that were read have any 12-bit number as a coefficient.
  const IntervalPoly read_hat(non_negative_below(4096));
  CHECK(within(read_hat.range(), below(4096)));

  // Algorithm 14: u = NTT^-1(A_hat^T y_hat) + e1, v = NTT^-1(t_hat^T y_hat) + e2 + mu.
  const IntervalPoly y_hat = ntt(noise), mu({0, mlkem::decompress<1>(1)});
  for (const IntervalPoly& key : {t_hat, read_hat}) {
    const Outcome v = analyse([&] { return inverse_ntt(dot(key, y_hat)) + noise + mu; });
    CHECK(v.extent.escapes == 0);
    CHECK(within(v.out, kEncodable));
  }
  const Outcome u = analyse([&] { return inverse_ntt(dot(a_hat, y_hat)) + noise; });
  CHECK(u.extent.escapes == 0);
  CHECK(within(u.out, kEncodable));

  // Algorithm 15: w = v' - NTT^-1(s_hat^T NTT(u')), where u' and v' are decompressed.
  const IntervalPoly decompressed(non_negative_below(kQ));
  for (const IntervalPoly& key : {s_hat, read_hat}) {
    const Outcome w =
        analyse([&] { return decompressed - inverse_ntt(dot(key, ntt(decompressed))); });
    CHECK(w.extent.escapes == 0);
    CHECK(within(w.out, kEncodable));
  }
}

}  // namespace
}  // namespace latchkey::test
