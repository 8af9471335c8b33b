// The form for AVX-512 IFMA: one ladder in eight lanes, or eight ladders with a lane each.
//
// valgrind knows no AVX-512, so for the constant-time check all this runs on portable lanes.

#include "x25519/comb.hpp"
#include "x25519/operations.hpp"
#include "x25519/wide_ladder.hpp"
#ifdef __AVX512IFMA__
#include "x25519/zmm.hpp"
#else
#include "x25519/lanes.hpp"
#endif

namespace latchkey::ifma {
namespace {

using namespace x25519;

#ifdef __AVX512IFMA__
using Vector = Zmm;
#else
using Vector = Octet;
#endif

struct ThisForm {
  static constexpr const char* kName = "ifma";
  static constexpr std::size_t kCombDepth = 13'184, kLadderDepth = 4'224, kJobsDepth = 14'336;

  [[gnu::noinline]] static Ratio ladder(const Words& k, const ScalarField::Product& u) noexcept {
    return wide_ladder<Vector>(bits_of(k), u);
  }
  [[gnu::noinline]] static Ratio comb(const Words& k) noexcept { return lane_comb<Vector>(k); }

  // Eight ladders side by side take as long as two and a half, one after the other.
  static void ladders(Ratio* u, const Job* jobs, std::size_t n) noexcept {
    if (n <= 2) return ladders_in_turn<ThisForm>(u, jobs, n);
    ladders_side_by_side(u, jobs, n);
  }
  [[gnu::noinline]] static void ladders_side_by_side(Ratio* u, const Job* jobs,
                                                     std::size_t n) noexcept {
    static_assert(kBatch == Vector::kLanes);
    using Field = LaneField<Vector>;
    std::uint64_t words[4][kBatch]{}, limbs[kLimbs][kBatch]{};
    for (std::size_t i = 0; i < n; ++i) {
      const Words k = decode_scalar(In<kSize>(jobs[i].secret, kSize));
      const auto peer = decode_u(In<kSize>(jobs[i].peer, kSize));
      for (std::size_t j = 0; j < 4; ++j) words[j][i] = k.word[j];
      for (std::size_t j = 0; j < kLimbs; ++j) limbs[j][i] = peer.limb[j];
    }
    const auto bit = [&words](unsigned t) noexcept {
      return (Vector::load(words[t / 64]) >> (t % 64)) & Vector::all(1);
    };
    typename Field::Product x1;
    for (std::size_t k = 0; k < kLimbs; ++k) x1.limb[k] = Vector::load(limbs[k]);
    const auto ratio = x25519::ladder<Field>(bit, x1);
    const auto numerator = Field::factor(ratio.numerator);
    const auto denominator = Field::factor(ratio.denominator);
    for (std::size_t k = 0; k < kLimbs; ++k) {
      std::uint64_t lanes[kBatch];
      numerator.limb[k].store(lanes);
      for (std::size_t i = 0; i < n; ++i) u[i].numerator.limb[k] = lanes[i];
      denominator.limb[k].store(lanes);
      for (std::size_t i = 0; i < n; ++i) u[i].denominator.limb[k] = lanes[i];
    }
  }
};

}  // namespace

extern const x25519::Table x25519_table;
constinit const x25519::Table x25519_table = x25519::make_table<ThisForm>();

}  // namespace latchkey::ifma
