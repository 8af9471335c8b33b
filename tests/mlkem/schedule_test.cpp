// The lane schedule when a stream of A_hat needs a fourth block: the riders beside it (H(ek),
// J(z || c) and the PRF) then meet one permutation more than they have blocks for.
//
// A stream is late with probability 0.83 %, so random keys seldom try this. The seeds below do,
// wherever it may happen: d is `number` in 32 little-endian bytes, the lowest of its pattern.
#include <string>

#include "mlkem/backends.hpp"
#include "mlkem/kem_checks.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using oracle::Bytes;

struct LateSeed {
  std::uint32_t number;
  const char* blocks;  // that the nine streams need, backend by backend
};

constexpr LateSeed kLateSeeds[] = {
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
    // Two streams of a backend, and the two that decaps_once expands across a backend's end.
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
};

Bytes seed_of(std::uint32_t number) {
  Bytes d(32);
  for (std::size_t i = 0; i < 4; ++i) d[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return d;
}

Bytes rho_of(const Bytes& d) {
  const std::uint8_t k[] = {mlkem::kK};
  return oracle::G(oracle::concat({d, k})).first;
}

TEST_CASE("the late seeds are late where the table says") {
  for (const LateSeed& seed : kLateSeeds) {
    const Bytes rho = rho_of(seed_of(seed.number));
    std::string blocks;
    for (std::size_t i = 0; i < mlkem::kK; ++i) {
      for (std::size_t j = 0; j < mlkem::kK; ++j) {
        blocks += std::to_string(oracle::matrix_entry(rho, i, j).blocks);
      }
    }
    INFO("seed " << seed.number);
    CHECK(blocks == seed.blocks);
  }
}

TEST_CASE("key generation and decapsulation are FIPS 203's whichever streams are late") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const LateSeed& seed : kLateSeeds) {
    INFO("seed " << seed.number << ", blocks " << seed.blocks);
    const KemChecks checks(backend, {Site::high}, random);
    checks.whole_key(seed_of(seed.number), random.vector(32));
  }
}

// A t_hat of no key: H(ek) has other input than above, and no noise rode before it.
TEST_CASE("expansion of an encapsulation key is FIPS 203's whichever streams are late") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const LateSeed& seed : kLateSeeds) {
    INFO("seed " << seed.number << ", blocks " << seed.blocks);
    oracle::Vector t_hat;
    for (auto& poly : t_hat) {
      for (auto& c : poly.c) c = random.between(0, mlkem::kQ - 1);
    }
    const KemChecks checks(backend, {Site::low}, random);
    checks.expansion(oracle::concat({oracle::encode_vector(t_hat), rho_of(seed_of(seed.number))}));
  }
}

}  // namespace
}  // namespace latchkey::test
