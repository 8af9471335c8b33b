// The numbers of an inversion keep their bounds, whatever the input: its own code, run on words of
// which only bounds are known.

#include "support/catch.hpp"
#include "x25519/inverse.hpp"
#include "x25519/proofs/bounded.hpp"

namespace latchkey::test {
namespace {

using namespace x25519;

// |s| + |t| <= 2^59 is a square with these corners, and what is carried from each limb is the floor
// of a number that is linear in s and t: so its extremes are at the corners.
constexpr std::int64_t kUnit = std::int64_t{1} << kStepsOfMatrix;
constexpr std::int64_t kCorners[4][2] = {{kUnit, 0}, {-kUnit, 0}, {0, kUnit}, {0, -kUnit}};

TEST_CASE("The cofactors of an inversion keep their bounds") {
  const auto with = [](std::int64_t slack, std::int64_t unit) {
    return findings_of([&] {
      CofactorOf<SignedBounded> any;
      for (auto& limb : any.limb) limb = {0, static_cast<std::int64_t>(kLimbMask)};
      any.limb[1] = {-slack, static_cast<std::int64_t>(kLimbMask) + slack};
      for (const auto& [s, t] : kCorners) {
        combine<SignedBoundedWide>(s / kUnit * unit, any, t / kUnit * unit, any);
      }
    });
  };
  const auto seen = with(kCofactorSlack, kUnit);
  INFO(seen.first);
  CHECK(seen.none());
  CHECK(with(kCofactorSlack, 2 * kUnit).beyond > 0);
}

TEST_CASE("f and g of an inversion keep their bounds") {
  constexpr std::int64_t kTop = std::int64_t{1} << (255 - 4 * kStepsOfMatrix);
  const auto with = [](std::int64_t top, std::int64_t unit) {
    SignedBounded all(0, 0);
    const auto seen = findings_of([&] {
      for (const auto& [s, t] : kCorners) {
        SignedOf<SignedBounded> f, g;
        for (auto& limb : f.limb) limb = {0, kSignedMask};
        // From -2^255 to 2^255: at the upper end the other limbs are 0.
        f.limb[4] = {-top, top - 1};
        g = f;
        const std::int64_t u = s / kUnit * unit, v = t / kUnit * unit;
        apply<SignedBoundedWide>(Steps{u, v, u, v}, f, g);
        all = all.with(f.limb[4]).with(g.limb[4]);
      }
    });
    CHECK(seen.none());
    return all;
  };
  const SignedBounded all = with(kTop, kUnit);
  CHECK(all.low() >= -kTop - 1);
  CHECK(all.high() <= kTop);
  CHECK(with(kTop, 2 * kUnit).high() > kTop);
}

// 2p - d and 2p + d, which invert() multiplies.
TEST_CASE("A cofactor of either sign becomes a factor") {
  const auto with = [](std::int64_t slack) {
    return findings_of([slack] {
      const Bounded largest(kLimbMask + static_cast<std::uint64_t>(slack));
      for (std::size_t k = 0; k < kLimbs; ++k) {
        const Bounded two_p(2 * modulus_limb(k));
        for (const Bounded& limb : {two_p + largest, two_p - largest}) {
          check_below(limb, ScalarField::kFactorBound, "a factor");
        }
      }
    });
  };
  const auto seen = with(kCofactorSlack);
  INFO(seen.first);
  CHECK(seen.none());
  CHECK(with(std::int64_t{1} << 51).escapes > 0);
  CHECK(with(std::int64_t{1} << 52).beyond > 0);
}

}  // namespace
}  // namespace latchkey::test
