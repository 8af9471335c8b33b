// Keccak-f[1600] of every backend, one state and four.
#include <algorithm>

#include "mlkem/backends.hpp"
#include "mlkem/fenced.hpp"
#include "mlkem/oracle_keccak.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"

namespace latchkey::test {
namespace {

using State = std::array<std::uint64_t, 25>;

State permuted(const State& state) {
  std::uint64_t words[25];
  std::copy(state.begin(), state.end(), words);
  oracle::keccak_f1600(words);
  State result;
  std::copy(std::begin(words), std::end(words), result.begin());
  return result;
}

State random_state(Random& random) {
  State state;
  for (auto& word : state) {
    word = random.between<std::uint64_t>(0, 0xffffffff) << 32 |
           random.between<std::uint64_t>(0, 0xffffffff);
  }
  return state;
}

// Zeros, ones, every single bit, random states.
std::vector<State> states(Random& random) {
  std::vector<State> all(2 + 1600, State{});
  all[1].fill(~std::uint64_t{0});
  for (std::size_t bit = 0; bit < 1600; ++bit) {
    all[2 + bit][bit / 64] = std::uint64_t{1} << (bit % 64);
  }
  for (int n = 0; n < 500; ++n) all.push_back(random_state(random));
  return all;
}

TEST_CASE("keccak_f1600 agrees with the step mappings of FIPS 202") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const Site site : kAlignedSites) {
    Fenced<std::uint64_t[25]> words(site);
    for (const State& state : states(random)) {
      std::copy(state.begin(), state.end(), *words);
      backend.kernels->keccak_f1600(*words);
      REQUIRE(words.intact());
      const State expected = permuted(state);
      REQUIRE(std::equal(expected.begin(), expected.end(), *words));
    }
  }
}

TEST_CASE("keccak_f1600_x4 permutes four states, each as if it were alone") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const Site site : kAlignedSites) {
    Fenced<std::uint64_t[4][25]> words(site);
    const auto check = [&](const std::array<State, 4>& four) {
      for (std::size_t lane = 0; lane < 4; ++lane) {
        std::copy(four[lane].begin(), four[lane].end(), (*words)[lane]);
      }
      backend.kernels->keccak_f1600_x4(*words);
      REQUIRE(words.intact());
      for (std::size_t lane = 0; lane < 4; ++lane) {
        INFO("lane " << lane);
        const State expected = permuted(four[lane]);
        REQUIRE(std::equal(expected.begin(), expected.end(), (*words)[lane]));
      }
    };
    for (const State& state : states(random)) {
      check({random_state(random), random_state(random), random_state(random), state});
      check({state, state, state, state});
      for (std::size_t lane = 0; lane < 4; ++lane) {
        std::array<State, 4> four = {};
        four[lane] = state;
        check(four);
      }
    }
  }
}

}  // namespace
}  // namespace latchkey::test
