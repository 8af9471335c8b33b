// The form for CPUs with BMI2 and ADX: one element at a time, in four words. AVX2 reads the table.

#include "x25519/adx_field.hpp"
#include "x25519/comb.hpp"
#include "x25519/operations.hpp"
#include "x25519/ymm.hpp"

namespace latchkey::adx {
namespace {

using namespace x25519;

struct ThisForm {
  static constexpr const char* kName = "adx";
  static constexpr std::size_t kCombDepth = 4'864, kLadderDepth = 2'560, kJobsDepth = 6'080;

  template <class T>
  [[gnu::always_inline]] static Ratio in_limbs(const RatioOf<T>& u) noexcept {
    return {AdxField::to_limbs(u.numerator), AdxField::to_limbs(u.denominator)};
  }
  [[gnu::noinline]] static Ratio ladder(const Words& k, const ScalarField::Product& u) noexcept {
    const auto words = AdxField::from_words(to_words(ScalarField::factor(u)));
    return in_limbs(x25519::ladder<AdxField>(bits_of(k), words));
  }
  [[gnu::noinline]] static Ratio comb(const Words& k) noexcept {
    return in_limbs(x25519::comb<Ymm, AdxField>(k));
  }
  static void ladders(Ratio* u, const Job* jobs, std::size_t n) noexcept {
    ladders_in_turn<ThisForm>(u, jobs, n);
  }
};

}  // namespace

extern const x25519::Table x25519_table;
constinit const x25519::Table x25519_table = x25519::make_table<ThisForm>();

}  // namespace latchkey::adx
