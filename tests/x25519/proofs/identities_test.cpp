// What the field, the ladders and the sums of points compute is what they are for, modulo p and
// whatever the input: their own code, run on polynomials.

#include "support/catch.hpp"
#include "x25519/comb.hpp"
#include "x25519/proofs/curve.hpp"
#include "x25519/proofs/polynomial.hpp"
#include "x25519/proofs/test_lanes.hpp"
#include "x25519/wide_ladder.hpp"

namespace latchkey::test {
namespace {

using namespace x25519;

using Lanes = TestLanes<Polynomial>;
constexpr std::size_t kAnyLane = 3;

struct ScalarPolynomials : ScalarFieldOf<Polynomial, PolynomialWide> {
  static Factor choose(int bit, const Factor& if_1, const Factor& if_0) {
    return bit != 0 ? if_1 : if_0;
  }
  static Polynomial variable() { return Polynomial::variable(); }
  static Polynomial constant(const Residue& x) { return Polynomial(x); }
  static const Polynomial& word(const Polynomial& x, std::size_t) { return x; }
};
struct LanePolynomials : LaneField<Lanes> {
  static Factor choose(int bit, const Factor& if_1, const Factor& if_0) {
    return bit != 0 ? if_1 : if_0;
  }
  static Lanes variable() {
    return Lanes::make([](std::size_t) { return Polynomial::variable(); });
  }
  static Lanes constant(const Residue& x) { return Lanes::all(Polynomial(x)); }
  static const Polynomial& word(const Lanes& x, std::size_t lane) { return x.lane[lane]; }
};

template <class Field, class Element>
Residue value(const Element& a, std::size_t lane = kAnyLane) {
  Polynomial limb[kLimbs];
  for (std::size_t k = 0; k < kLimbs; ++k) limb[k] = Field::word(a.limb[k], lane);
  return value_of(limb);
}

// Five variables.
template <class Field, class Element>
Element any() {
  Element element;
  for (auto& limb : element.limb) limb = Field::variable();
  return element;
}
template <class Field>
auto any_factor() {
  return any<Field, typename Field::Factor>();
}
template <class Field>
auto any_product() {
  return any<Field, typename Field::Product>();
}
// Four variables, and a limb 0 by which all have this value.
template <class Field, class Element = typename Field::Product>
Element with_value(const Residue& wanted) {
  Element element;
  for (std::size_t k = 0; k < kLimbs; ++k) {
    element.limb[k] = k == 0 ? Field::constant(Residue(0))
                             : Field::constant(Residue::of_random(Polynomial::random()));
  }
  element.limb[0] = Field::constant(wanted - value<Field>(element));
  return element;
}

TEMPLATE_TEST_CASE("Every function of a field has the value of the operation", "",
                   ScalarPolynomials, LanePolynomials) {
  using Field = TestType;
  findings = {};
  const auto a = any_factor<Field>(), b = any_factor<Field>();
  const auto c = any_product<Field>(), d = any_product<Field>();
  for (const std::size_t lane : {std::size_t{0}, kAnyLane}) {
    const auto value = [lane](const auto& x) { return test::value<Field>(x, lane); };
    CHECK(value(Field::multiply(a, b)) == value(a) * value(b));
    CHECK(value(Field::square(a)) == value(a) * value(a));
    for (const std::uint32_t n : {std::uint32_t{1}, kA24, (std::uint32_t{1} << 20) - 1}) {
      CHECK(value(Field::multiply(a, n)) == Residue(n) * value(a));
      CHECK(value(Field::add_multiple(c, a, n)) == value(c) + Residue(n) * value(a));
    }
    CHECK(value(Field::add(c, d)) == value(c) + value(d));
    CHECK(value(Field::subtract(c, d)) == value(c) - value(d));
    CHECK(value(Field::factor(c)) == value(c));
    CHECK(value(Field::number(9)) == Residue(9));
  }
  INFO(findings.first);
  CHECK(findings.none());
}

// What subtract_modulus() then does is proved by z3 (tests/smt/x25519.cpp).
TEST_CASE("carry_around keeps the value") {
  findings = {};
  const auto a = any_factor<ScalarPolynomials>();
  CHECK(value_of(carry_around(a.limb).limb) == value_of(a.limb));
  CHECK(findings.none());
}

// RFC 7748, section 5.
struct Step {
  Residue x2, z2, x3, z3;
};
Step standard_step(const Step& s, const Residue& x1) {
  const Residue A = s.x2 + s.z2, AA = A * A, B = s.x2 - s.z2, BB = B * B, E = AA - BB;
  const Residue C = s.x3 + s.z3, D = s.x3 - s.z3, DA = D * A, CB = C * B;
  return {AA * BB, E * (AA + Residue(121665) * E), (DA + CB) * (DA + CB),
          x1 * (DA - CB) * (DA - CB)};
}

TEMPLATE_TEST_CASE("ladder_step is that of RFC 7748", "", ScalarPolynomials, LanePolynomials) {
  using Field = TestType;
  const int swap = GENERATE(0, 1);
  LadderState<Field> state{any_product<Field>(), any_product<Field>(), any_product<Field>(),
                           any_product<Field>()};
  const auto x1 = any_factor<Field>();
  const auto values = [](const LadderState<Field>& s) {
    return Step{value<Field>(s.x2), value<Field>(s.z2), value<Field>(s.x3), value<Field>(s.z3)};
  };
  Step before = values(state);
  if (swap == 1) std::swap(before.x2, before.x3), std::swap(before.z2, before.z3);
  const Step expected = standard_step(before, value<Field>(x1));
  ladder_step<Field>(state, swap, x1);
  const Step seen = values(state);
  CHECK(seen.x2 == expected.x2);
  CHECK(seen.z2 == expected.z2);
  CHECK(seen.x3 == expected.x3);
  CHECK(seen.z3 == expected.z3);
}

// Its state is A, B, C, D twice.
struct AnyWideLadder : WideLadder<Lanes> {
  template <class X1>
  explicit AnyWideLadder(const X1& x1) : WideLadder(x1) {}
  void take_any_state() {
    for (auto& limb : state_.limb) {
      limb = Lanes::of(Polynomial::variable(), Polynomial::variable(), Polynomial::variable(),
                       Polynomial::variable());
    }
  }
  [[nodiscard]] Residue lane(std::size_t i) const { return value<LanePolynomials>(state_, i); }
  [[nodiscard]] Step sums() const { return {lane(0), lane(1), lane(2), lane(3)}; }
};

// The sums and differences of a step.
Step sums_of(const Step& s) { return {s.x2 + s.z2, s.x2 - s.z2, s.x3 + s.z3, s.x3 - s.z3}; }

void check_sums(const AnyWideLadder& ladder, const Step& expected) {
  for (const std::size_t half : {0u, 4u}) {
    CHECK(ladder.lane(half) == expected.x2);
    CHECK(ladder.lane(half + 1) == expected.z2);
    CHECK(ladder.lane(half + 2) == expected.x3);
    CHECK(ladder.lane(half + 3) == expected.z3);
  }
}

TEST_CASE("The ladder in eight lanes begins as RFC 7748's, and each step is one of these") {
  findings = {};
  const auto u = any_product<ScalarPolynomials>();
  const Residue x1 = value<ScalarPolynomials>(u), half = inverse(Residue(2));
  AnyWideLadder ladder(u);
  check_sums(ladder, sums_of({Residue(1), Residue(0), x1, Residue(1)}));
  for (const std::uint64_t swap : {0u, 1u}) {
    ladder.take_any_state();
    const Step twice = sums_of(ladder.sums());
    Step before{half * twice.x2, half * twice.z2, half * twice.x3, half * twice.z3};
    if (swap == 1) std::swap(before.x2, before.x3), std::swap(before.z2, before.z3);
    ladder.step(swap);
    check_sums(ladder, sums_of(standard_step(before, x1)));
  }
  INFO(findings.first);
  CHECK(findings.none());
}

// A point with any Z.
template <class Field>
Point<Field> projective(const Affine& p) {
  const Residue Z = Residue::of_random(Polynomial::random());
  return {with_value<Field>(p.x * p.y * Z), with_value<Field>(p.x * Z), with_value<Field>(p.y * Z),
          with_value<Field>(Z)};
}
template <class Field>
TablePoint<Field> table_point(const Affine& p) {
  using Factor = typename Field::Factor;
  const Residue half = inverse(Residue(2));
  return {with_value<Field, Factor>(half * (p.y + p.x)),
          with_value<Field, Factor>(half * (p.y - p.x)),
          with_value<Field, Factor>(kCurveD * p.x * p.y)};
}
template <class Field>
void check_point(const Point<Field>& sum, const Affine& expected) {
  const Residue Z = value<Field>(sum.Z);
  CHECK(Z != Residue(0));
  CHECK(value<Field>(sum.X) == expected.x * Z);
  CHECK(value<Field>(sum.Y) == expected.y * Z);
  CHECK(value<Field>(sum.T) == expected.x * expected.y * Z);
}

// At random points of the curve, and where the formulas of other curves have their exceptions.
TEMPLATE_TEST_CASE("Sums of points are those of the curve's addition law", "", ScalarPolynomials,
                   LanePolynomials) {
  using Field = TestType;
  findings = {};
  Random& random = Polynomial::random();
  const Affine p = random_point(random), q = random_point(random);
  const Affine minus_p{Residue(0) - p.x, p.y}, order_two{Residue(0), Residue(0) - Residue(1)};
  const auto two_d = with_value<Field, typename Field::Factor>(kCurveD + kCurveD);
  for (const Affine& other : {q, p, minus_p, kNeutral, order_two}) {
    check_point(add<Field>(projective<Field>(p), table_point<Field>(other)), p + other);
    check_point(add<Field>(projective<Field>(p), projective<Field>(other), two_d), p + other);
  }
  check_point(add<Field>(Point<Field>::neutral(), table_point<Field>(p)), p);
  const auto u = u_of<Field>(projective<Field>(p));
  CHECK(value<Field>(u.numerator) * (Residue(1) - p.y) ==
        value<Field>(u.denominator) * (Residue(1) + p.y));
  INFO(findings.first);
  CHECK(findings.none());
}

TEST_CASE("A table's entry is the point that a sum begins with") {
  const Affine p = random_point(Polynomial::random());
  const auto point = table_point<LanePolynomials>(p);
  TablePoint<LaneField<Lanes>> same{point.half_sum, point.half_difference, point.dxy};
  const auto start = point_of(same);
  check_point<LanePolynomials>({start.T, start.X, start.Y, start.Z}, p);
}

// The controls: the same comparison, of a multiplication with a mistake in it.
struct Mistake {
  std::uint64_t fold = kFold;
  std::size_t index = 0, limb_bits = kLimbBits;
  bool loses_a_carry = false;
};
bool multiplies_rightly(const Mistake& mistake) {
  const auto a = any_factor<ScalarPolynomials>(), b = any_factor<ScalarPolynomials>();
  Polynomial sum[kLimbs], r[kLimbs];
  for (std::size_t i = 0; i < kLimbs; ++i) {
    for (std::size_t j = 0; j < kLimbs; ++j) {
      const Polynomial folded = i + j < kLimbs ? Polynomial(1) : Polynomial(mistake.fold);
      sum[(i + j + (i == 3 ? mistake.index : 0)) % kLimbs] += a.limb[i] * b.limb[j] * folded;
    }
  }
  const Polynomial mask((std::uint64_t{1} << mistake.limb_bits) - 1);
  for (std::size_t k = 0; k < kLimbs; ++k) {
    r[k] += sum[k] & mask;
    const Polynomial carry = sum[k] >> kLimbBits;
    r[(k + 1) % kLimbs] += k + 1 < kLimbs          ? carry
                           : mistake.loses_a_carry ? Polynomial(0)
                                                   : carry * Polynomial(kFold);
  }
  return value_of(r) == value<ScalarPolynomials>(a) * value<ScalarPolynomials>(b);
}

TEST_CASE("A mistake in a multiplication changes its polynomials") {
  CHECK(multiplies_rightly({}));
  CHECK(!multiplies_rightly({.fold = kFold - 1}));
  CHECK(!multiplies_rightly({.index = 1}));
  CHECK(!multiplies_rightly({.limb_bits = kLimbBits - 1}));
  CHECK(!multiplies_rightly({.loses_a_carry = true}));
}

}  // namespace
}  // namespace latchkey::test
