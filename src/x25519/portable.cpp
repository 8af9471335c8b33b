// The portable form: one element at a time, in words of 64 bits.

#include "x25519/comb.hpp"
#include "x25519/lanes.hpp"
#include "x25519/operations.hpp"

namespace latchkey::portable {
namespace {

using namespace x25519;

struct ThisForm {
  static constexpr const char* kName = "portable";
  static constexpr std::size_t kCombDepth = 6'272, kLadderDepth = 2'944, kJobsDepth = 7'488;

  [[gnu::noinline]] static Ratio ladder(const Words& k, const ScalarField::Product& u) noexcept {
    const auto ratio = x25519::ladder<ScalarField>(bits_of(k), u);
    return {ScalarField::factor(ratio.numerator), ScalarField::factor(ratio.denominator)};
  }
  [[gnu::noinline]] static Ratio comb(const Words& k) noexcept {
    return x25519::comb<Octet, ScalarField>(k);
  }
  static void ladders(Ratio* u, const Job* jobs, std::size_t n) noexcept {
    ladders_in_turn<ThisForm>(u, jobs, n);
  }
};

}  // namespace

extern const x25519::Table x25519_table;
constinit const x25519::Table x25519_table = x25519::make_table<ThisForm>();

}  // namespace latchkey::portable
