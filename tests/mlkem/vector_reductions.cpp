// Compiled once for each SIMD backend, with its flags and LATCHKEY_BACKEND_NAME. It instantiates
// nothing that other files do, too: the linker could take this one's copy for CPUs without AVX2.
#include "mlkem/vector_reductions.hpp"

#include "avx2/polynomials.hpp"

#define LATCHKEY_STRING(x) #x
#define LATCHKEY_NAME_OF(x) LATCHKEY_STRING(x)

namespace latchkey::LATCHKEY_BACKEND_NAME {
namespace {

using avx2::Vector;
using test::Lanes;

Vector load(const Lanes& lanes) {
  return _mm256_loadu_si256(reinterpret_cast<const Vector*>(&lanes));
}
void store(Lanes& lanes, Vector v) { _mm256_storeu_si256(reinterpret_cast<Vector*>(&lanes), v); }

template <auto f>
void apply(Lanes& x) {
  store(x, f(load(x)));
}

void multiply(Lanes& x, const test::LaneFactors& factors) {
  store(x, avx2::multiply(load(x), {load(factors.value), load(factors.value_q_inverse)}));
}

// The tables of both directions, the gammas and the two scales.
constexpr std::size_t kFactorCount =
    (2 * sizeof(avx2::FactorTable) + sizeof avx2::kGammas) / sizeof(avx2::FactorLanes) + 2;

struct AllFactors {
  test::LaneFactors lanes[kFactorCount];
  std::size_t count = 0;

  template <std::size_t N>
  constexpr void append(const avx2::FactorLanes (&table)[N]) {
    for (const auto& from : table) {
      auto& to = lanes[count++];
      for (std::size_t i = 0; i < avx2::kLanes; ++i) {
        to.value[i] = from.value[i];
        to.value_q_inverse[i] = from.value_q_inverse[i];
      }
    }
  }
  constexpr void append(const avx2::FactorTable& table) {
    append(table.length128);
    append(table.length64);
    append(table.length32);
    append(table.length16);
    append(table.length8);
    append(table.length4);
    append(table.length2);
  }
  constexpr void append(std::int64_t scalar) {
    append({avx2::factor_lanes([=](unsigned) { return scalar; })});
  }
};

constexpr AllFactors kAllFactors = [] {
  AllFactors all{};
  all.append(avx2::kFactorTable<avx2::Forward>);
  all.append(avx2::kFactorTable<avx2::Inverse>);
  for (const auto& gammas : avx2::kGammas) all.append({gammas});
  all.append(mlkem::kMontgomeryR);
  all.append(avx2::Inverse::kScale);
  return all;
}();
static_assert(kAllFactors.count == kFactorCount);

}  // namespace

constinit const test::VectorReductions vector_reductions = {
    .name = LATCHKEY_NAME_OF(LATCHKEY_BACKEND_NAME),
    .multiply = multiply,
    .reduce = apply<[](Vector v) { return avx2::reduce(v); }>,
    .canonical = apply<[](Vector v) { return avx2::canonical(v); }>,
    .compress10 = apply<[](Vector v) { return avx2::compress<10>(v); }>,
    .compress4 = apply<[](Vector v) { return avx2::compress<4>(v); }>,
    .compress1 = apply<[](Vector v) { return avx2::compress<1>(v); }>,
    .factors = kAllFactors.lanes,
    .factor_count = kFactorCount,
};

}  // namespace latchkey::LATCHKEY_BACKEND_NAME
