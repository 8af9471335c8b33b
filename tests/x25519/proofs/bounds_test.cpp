// No limb leaves its word, and each keeps the bound of its type, whatever the input: the field's
// own code, run on words of which only bounds are known. The checks of debug builds are what it
// proves.

#include <csignal>
#include <cstdio>

#include "support/catch.hpp"
#include "support/child.hpp"
#include "x25519/comb.hpp"
#include "x25519/lanes.hpp"
#include "x25519/proofs/bounded.hpp"
#include "x25519/proofs/test_lanes.hpp"
#include "x25519/wide_ladder.hpp"

namespace latchkey::test {
namespace {

using namespace x25519;

static_assert(kCheckBounds, "the checks are what this test is about");

using Lanes = TestLanes<Bounded>;

// Every field with limbs of this kind, and with either choice of every exchange.
struct ScalarBounds : ScalarFieldOf<Bounded, BoundedWide> {
  static constexpr const char* kName = "ScalarField";
  static Factor choose(int bit, const Factor& if_1, const Factor& if_0) {
    return bit != 0 ? if_1 : if_0;
  }
  static Bounded word(const Bounded& x) { return x; }
  static Bounded bounds(const Bounded& x) { return x; }
};
struct LaneBounds : LaneField<Lanes> {
  static constexpr const char* kName = "LaneField";
  static Factor choose(int bit, const Factor& if_1, const Factor& if_0) {
    return bit != 0 ? if_1 : if_0;
  }
  static Lanes word(const Bounded& x) { return Lanes::all(x); }
  static Bounded bounds(const Lanes& x) {
    Bounded all = x.lane[0];
    for (const Bounded& lane : x.lane) {
      all = {std::min(all.low(), lane.low()), std::max(all.high(), lane.high())};
    }
    return all;
  }
};

// Limbs below a bound.
template <class Field, class Element>
Element limbs_below(std::uint64_t bound) {
  Element element;
  for (auto& limb : element.limb) limb = Field::word(Bounded::below(bound));
  return element;
}
template <class Field>
auto factor_below(std::uint64_t bound) {
  return limbs_below<Field, typename Field::Factor>(bound);
}
template <class Field>
auto product_below(std::uint64_t bound) {
  return limbs_below<Field, typename Field::Product>(bound);
}
template <class Field>
const auto kAnyFactor = factor_below<Field>(Field::kFactorBound);
template <class Field>
const auto kAnyProduct = product_below<Field>(Field::kProductBound);
// Coordinates of the table, and u-coordinates: from 0 to 2^51 - 1.
template <class Field>
const auto kAnyNumber = factor_below<Field>(std::uint64_t{1} << kLimbBits);

// The largest limb above 2^51, in bits: how near a result comes to its bound.
template <class Field, class Element>
void require_bounds(const char* what, Element (*f)()) {
  Element result;
  const Findings seen = findings_of([&] {
    result = f();
    Field::check(result);
  });
  Uint128 largest = 0;
  for (const auto& limb : result.limb) largest = std::max(largest, Field::bounds(limb).high());
  std::printf("bounds: %-12s %-18s limbs at most 0x%llx\n", Field::kName, what,
              static_cast<unsigned long long>(largest));
  INFO(Field::kName << " " << what << ": " << seen.first);
  CHECK(seen.none());
}

TEMPLATE_TEST_CASE("Every function of a field keeps the bounds of products and factors", "",
                   ScalarBounds, LaneBounds) {
  using Field = TestType;
  using Product = typename Field::Product;
  using Factor = typename Field::Factor;
  require_bounds<Field, Product>(
      "multiply", [] { return Field::multiply(kAnyFactor<Field>, kAnyFactor<Field>); });
  require_bounds<Field, Product>("square", [] { return Field::square(kAnyFactor<Field>); });
  require_bounds<Field, Product>("multiply by n",
                                 [] { return Field::multiply(kAnyFactor<Field>, (1u << 20) - 1); });
  require_bounds<Field, Factor>("add",
                                [] { return Field::add(kAnyProduct<Field>, kAnyProduct<Field>); });
  require_bounds<Field, Factor>(
      "subtract", [] { return Field::subtract(kAnyProduct<Field>, kAnyProduct<Field>); });
  require_bounds<Field, Factor>("add_multiple", [] {
    return Field::add_multiple(kAnyProduct<Field>, kAnyFactor<Field>, (1u << 20) - 1);
  });
  require_bounds<Field, Factor>("factor", [] { return Field::factor(kAnyProduct<Field>); });
  require_bounds<Field, Product>("number", [] { return Field::number(kLimbMask); });
}

// One step keeps the bounds, so all do.
TEMPLATE_TEST_CASE("The ladder's state stays within the bounds of products", "", ScalarBounds,
                   LaneBounds) {
  using Field = TestType;
  const auto seen = findings_of([] {
    const auto& any = kAnyProduct<Field>;
    for (const int swap : {0, 1}) {
      LadderState<Field> state{any, any, any, any};
      ladder_step<Field>(state, swap, Field::factor(any));
      for (const auto& coordinate : {state.x2, state.z2, state.x3, state.z3}) {
        Field::check(coordinate);
      }
    }
  });
  INFO(seen.first);
  CHECK(seen.none());
}

TEMPLATE_TEST_CASE("Sums of points stay within the bounds of products", "", ScalarBounds,
                   LaneBounds) {
  using Field = TestType;
  const auto seen = findings_of([] {
    const auto& any = kAnyProduct<Field>;
    const Point<Field> point{any, any, any, any};
    const auto& number = kAnyNumber<Field>;
    for (const auto& sum : {add<Field>(point, TablePoint<Field>{number, number, number}),
                            add<Field>(point, point, number)}) {
      for (const auto& coordinate : {sum.X, sum.Y, sum.Z, sum.T}) Field::check(coordinate);
    }
    const auto u = u_of<Field>(point);
    Field::check(u.numerator);
    Field::check(u.denominator);
  });
  INFO(seen.first);
  CHECK(seen.none());
}

TEST_CASE("The table's entries begin a sum within the bounds") {
  const auto seen = findings_of([] {
    const auto& number = kAnyNumber<LaneBounds>;
    const auto point = point_of(TablePoint<LaneField<Lanes>>{number, number, number});
    for (const auto& coordinate : {point.X, point.Y, point.Z, point.T}) {
      LaneBounds::check(coordinate);
    }
    ScalarBounds::check(kAnyNumber<ScalarBounds>);
  });
  INFO(seen.first);
  CHECK(seen.none());
}

// Whatever the state was.
struct AnyWideLadder : WideLadder<Lanes> {
  explicit AnyWideLadder(std::uint64_t state_bound)
      : WideLadder(kAnyProduct<ScalarBounds>), start(state_) {
    for (auto& limb : state_.limb) limb = Lanes::all(Bounded::below(state_bound));
  }
  const Factor& state() const { return state_; }

  Factor start;
};

TEST_CASE("The state of the ladder in eight lanes stays within the bounds of factors") {
  for (const std::uint64_t swap : {0u, 1u}) {
    const auto seen = findings_of([&] {
      AnyWideLadder ladder(LaneBounds::kFactorBound);
      LaneBounds::check(ladder.start);
      ladder.step(swap);
      LaneBounds::check(ladder.state());
    });
    INFO(seen.first);
    CHECK(seen.none());
  }
}

// What leaves vectors: result(), and the store of factors.
TEST_CASE("The factors of vectors, and their sums, are factors of words") {
  const auto seen = findings_of([] {
    const Bounded limb = Bounded::below(LaneBounds::kFactorBound);
    ScalarBounds::Factor sum, difference;
    for (std::size_t k = 0; k < kLimbs; ++k) {
      sum.limb[k] = limb + limb;
      difference.limb[k] = limb + Bounded(2 * modulus_limb(k)) - limb;
    }
    ScalarBounds::check(sum);
    ScalarBounds::check(difference);
  });
  INFO(seen.first);
  CHECK(seen.none());
}

TEST_CASE("The canonical number of any factor can be had") {
  CHECK(ScalarBounds::kFactorBound <= kCanonicalBound);
  const auto seen = findings_of([] {
    const auto any = factor_below<ScalarBounds>(kCanonicalBound);
    check_limbs(canonical(any.limb).limb, kLimbMask + 1, "2^51");
  });
  INFO(seen.first);
  CHECK(seen.none());
}

// The controls: a bound one bit larger, and the analysis objects.
TEMPLATE_TEST_CASE("The analysis objects to limbs beyond their bounds", "", ScalarBounds,
                   LaneBounds) {
  using Field = TestType;
  const auto factor = factor_below<Field>(2 * Field::kFactorBound);
  const auto product = product_below<Field>(2 * Field::kProductBound);
  const auto& good_factor = kAnyFactor<Field>;
  const auto& good = kAnyProduct<Field>;
  CHECK(findings_of([&] { Field::multiply(factor, good_factor); }).beyond > 0);
  CHECK(findings_of([&] { Field::multiply(good_factor, factor); }).beyond > 0);
  CHECK(findings_of([&] { Field::multiply(factor, 1u); }).beyond > 0);
  CHECK(findings_of([&] { Field::square(factor); }).beyond > 0);
  CHECK(findings_of([&] { Field::add(product, good); }).beyond > 0);
  CHECK(findings_of([&] { Field::add(good, product); }).beyond > 0);
  CHECK(findings_of([&] { Field::subtract(product, good); }).beyond > 0);
  CHECK(findings_of([&] { Field::subtract(good, product); }).escapes > 0);
  CHECK(findings_of([&] { Field::factor(product); }).beyond > 0);
}

TEST_CASE("The analysis objects to what leaves a word, and to what an instruction would cut") {
  const auto factor = factor_below<LaneBounds>(std::uint64_t{1} << 52);
  const auto cut = factor_below<LaneBounds>((std::uint64_t{1} << 52) + 1);
  CHECK(findings_of([&] { LaneBounds::multiply(factor, factor); }).escapes == 0);
  CHECK(findings_of([&] { LaneBounds::multiply(cut, factor); }).escapes > 0);
  CHECK(findings_of([&] { LaneBounds::multiply(factor, 1u << 20); }).escapes == 0);
  CHECK(findings_of([&] { LaneBounds::multiply(cut, 1u << 20); }).escapes > 0);

  Lanes sum[kLimbs];
  for (auto& limb : sum) limb = Lanes::all(Bounded::below(LaneBounds::kSumBound + 1));
  CHECK(findings_of([&] { LaneBounds::carry(sum); }).beyond > 0);

  for (const unsigned bits : {55u, 61u}) {
    const auto large = factor_below<ScalarBounds>(std::uint64_t{1} << bits);
    CHECK(findings_of([&] { ScalarBounds::multiply(large, large); }).escapes > 0);
  }
  CHECK(findings_of([] { canonical(factor_below<ScalarBounds>(~std::uint64_t{0}).limb); }).escapes >
        0);
  CHECK(findings_of([] { AnyWideLadder(2 * LaneBounds::kFactorBound).step(0); }).beyond > 0);
}

// The same checks, on the numbers of a debug build.
TEST_CASE("A debug build ends with a message where a limb is beyond its bound") {
  const auto ending = [](std::uint64_t limb) {
    return in_child([limb] {
      ScalarField::Factor factor = ScalarField::factor(ScalarField::number(1));
      factor.limb[3] = limb;
      const auto product = ScalarField::multiply(factor, factor);
      return product.limb[0] == 1 ? 1 : 0;
    });
  };
  const auto bad = ending(ScalarField::kFactorBound), good = ending(ScalarField::kFactorBound - 1);
  CHECK(bad.signal == SIGABRT);
  CHECK(bad.errors == "latchkey: X25519: a limb is not below ScalarField::kFactorBound\n");
  CHECK(good.signal == 0);
  CHECK(good.errors.empty());

  const auto lanes_ending = [](std::uint64_t limb) {
    return in_child([limb] {
      using Field = LaneField<Octet>;
      auto product = Field::number(1);
      product.limb[4].lane[7] = limb;
      return Field::factor(product).limb[0].lane[0] == 1 ? 0 : 1;
    });
  };
  CHECK(lanes_ending(LaneBounds::kProductBound).signal == SIGABRT);
  CHECK(lanes_ending(LaneBounds::kProductBound - 1).signal == 0);
}

}  // namespace
}  // namespace latchkey::test
