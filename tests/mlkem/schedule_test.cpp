// The lane schedule when a stream of A_hat needs a fourth block: the riders beside it (H(ek),
// J(z || c) and the PRF) then meet one permutation more than they have blocks for.
//
// A stream is late with probability 0.83 %, so random keys seldom try this. The seeds below do,
// wherever it may happen: d is `number` in 32 little-endian bytes, the lowest of its pattern.
#include <array>
#include <string>

#include "mlkem/backends.hpp"
#include "mlkem/kem_checks.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using oracle::Bytes;

struct LateSeed {
  std::uint32_t number;
  const char* blocks;  // that the k^2 streams need, row by row
};

template <mlkem::ParameterSet p>
constexpr auto kLateSeeds = 0;
template <>
constexpr auto kLateSeeds<mlkem::kMlKem768> = std::to_array<LateSeed>({
    // No stream, and each alone.
    {0, "333333333"},
    {16, "433333333"},
    {29, "343333333"},
    {572, "334333333"},
    {211, "333433333"},
    {33, "333343333"},
    {364, "333334333"},
    {83, "333333433"},
    {259, "333333343"},
    {223, "333333334"},
    // Two streams of a row, and the two that decaps_once expands across a row's end.
    {39477, "443333333"},
    {12606, "434333333"},
    {15498, "344333333"},
    {4096, "333443333"},
    {8417, "333434333"},
    {13171, "333344333"},
    {2340, "333333443"},
    {3708, "333333434"},
    {46277, "333333344"},
    {19177, "334433333"},
    // All three of a row.
    {1704952, "444333333"},
    {3111431, "333444333"},
    {1008887, "333333444"},
    // In several rows, and in each of the pairs (0, 1), (2, 3), (4, 5).
    {9328, "433433333"},
    {7093, "333433433"},
    {27048, "433333433"},
    {438336, "433433433"},
    {1185311, "434343333"},
});
// In the order of how many are late: none, one, two.
template <>
constexpr auto kLateSeeds<mlkem::kMlKem512> = std::to_array<LateSeed>({
    {0, "3333"},
    {72, "3433"},
    {74, "3343"},
    {144, "3334"},
    {156, "4333"},
    {5444, "4334"},
    {19053, "3434"},
    {23189, "4433"},
    {33767, "3443"},
    {37373, "3344"},
    {41410, "4343"},
});
template <>
constexpr auto kLateSeeds<mlkem::kMlKem1024> = std::to_array<LateSeed>({
    {1, "3333333333333333"},     {0, "3333333343333333"},     {6, "3333334333333333"},
    {42, "3333333333343333"},    {44, "3333343333333333"},    {59, "3333433333333333"},
    {60, "3433333333333333"},    {65, "3333333333333334"},    {69, "3333333333333433"},
    {105, "3333333433333333"},   {109, "3333333333333343"},   {188, "3334333333333333"},
    {198, "3333333333334333"},   {210, "4333333333333333"},   {249, "3333333333433333"},
    {308, "3333333334333333"},   {416, "3343333333333333"},   {331, "3333344333333333"},
    {1778, "3333333333334433"},  {3141, "3333443333333333"},  {3444, "3333334433333333"},
    {6022, "3333333333443333"},  {9191, "4433333333333333"},  {13352, "3333333333333344"},
    {15200, "3333333334433333"}, {26004, "3344333333333333"}, {26393, "3334433333333333"},
    {26828, "3333333443333333"}, {33446, "3333333344333333"}, {35689, "3443333333333333"},
    {3815, "3333334334343333"},  {9704, "3433343333343333"},  {10427, "4343333333433333"},
    {16522, "3333433343333334"}, {17831, "3343334333333334"}, {17884, "4333333334333334"},
    {19871, "3333334333343334"}, {20628, "3344333333343333"}, {21734, "4333333334343333"},
});

Bytes seed_of(std::uint32_t number) {
  Bytes d(32);
  for (std::size_t i = 0; i < 4; ++i) d[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return d;
}

Bytes rho_of(const Bytes& d, unsigned rank) {
  const std::uint8_t k[] = {static_cast<std::uint8_t>(rank)};
  return oracle::G(oracle::concat({d, k})).first;
}

LATCHKEY_TEST_OF_SETS("the late seeds are late where the table says") {
  for (const LateSeed& seed : kLateSeeds<p>) {
    const Bytes rho = rho_of(seed_of(seed.number), p.k);
    std::string blocks;
    for (std::size_t i = 0; i < p.k; ++i) {
      for (std::size_t j = 0; j < p.k; ++j) {
        blocks += std::to_string(oracle::matrix_entry(rho, i, j).blocks);
      }
    }
    INFO("seed " << seed.number);
    CHECK(blocks == seed.blocks);
  }
}

LATCHKEY_TEST_OF_SETS(
    "key generation and decapsulation are FIPS 203's whichever streams are late") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const LateSeed& seed : kLateSeeds<p>) {
    INFO("seed " << seed.number << ", blocks " << seed.blocks);
    const KemChecks<p> checks(backend, {Site::high}, random);
    checks.whole_key(seed_of(seed.number), random.vector(32));
  }
}

// A t_hat of no key: H(ek) has other input than above, and no noise rode before it.
LATCHKEY_TEST_OF_SETS(
    "expansion of an encapsulation key is FIPS 203's whichever streams are late") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const LateSeed& seed : kLateSeeds<p>) {
    INFO("seed " << seed.number << ", blocks " << seed.blocks);
    oracle::Vector t_hat(p.k);
    for (auto& poly : t_hat) {
      for (auto& c : poly.c) c = random.between(0, mlkem::kQ - 1);
    }
    const KemChecks<p> checks(backend, {Site::low}, random);
    checks.expansion(
        oracle::concat({oracle::encode_vector(t_hat), rho_of(seed_of(seed.number), p.k)}));
  }
}

}  // namespace
}  // namespace latchkey::test
