// Riders (mlkem/riders.hpp) by themselves. Whatever they have to wait for, and whatever becomes of
// their lane meanwhile, they hash what they were given.
#include "mlkem/riders.hpp"

#include <algorithm>

#include "mlkem/compare.hpp"
#include "mlkem/openssl.hpp"
#include "ref/keccak.hpp"
#include "ref/polynomials.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using oracle::Bytes;
using oracle::ByteView;

// The portable backend, but that idle lanes are permuted, too, as the vector backends do it.
struct Restless : ref::Polynomials {
  static constexpr const char* kName = "restless";
  struct Keccak4 : ref::Keccak4 {
    void permute(unsigned) noexcept { ref::Keccak4::permute(0xf); }
  };
  static constexpr auto keccak_f1600 = ref::keccak_f1600;
};

// Carries a rider for one permutation. Whether it had something for it.
template <class Rider>
bool carry(Rider& rider, unsigned lane, Restless::Keccak4& keccak) {
  const unsigned lanes = rider.feed(keccak);
  REQUIRE((lanes == 0 || lanes == 1u << lane));
  keccak.permute(lanes);
  rider.collect(keccak);
  return lanes != 0;
}

// Blocks become ready by and by. If the rider is to finish alone, then from any block on but the
// first.
void check_hash(std::size_t length, bool alone, Random& random) {
  const Bytes message = random.vector(length);
  const std::size_t split = random.between<std::size_t>(0, length);
  const mlkem::HMessage parts(ByteView(message).first(split), ByteView(message).subspan(split));
  const std::size_t blocks = parts.blocks(),
                    last = alone ? random.between<std::size_t>(1, blocks - 1) : blocks;
  INFO(length << " bytes, " << blocks << " blocks, of which " << last << " ride");
  const auto lane = random.between(0u, 3u);
  Restless::Keccak4 keccak;
  keccak.permute(0xf);  // its lanes are not empty
  std::array<std::uint8_t, 32> digest{};
  mlkem::HashRider<Restless, mlkem::HMessage, 32> rider(lane, parts, digest);
  std::size_t ready = 0, fed = 0;
  do {
    rider.set_final_blocks(ready);
    for (int n = random.between(0, 2); n >= 0; --n) {
      const bool waits = fed == ready;
      REQUIRE(carry(rider, lane, keccak) == !waits);
      fed += !waits;
    }
    ready = std::min(last, ready + random.between<std::size_t>(0, 2));
  } while (fed < last);
  if (alone) rider.finish(keccak);
  REQUIRE(fault(digest, openssl::sha3_256(message)) == "");
}

TEST_CASE("a rider hashes its message, whenever its blocks are ready") {
  Random random;
  for (std::size_t length = 0; length < 5 * mlkem::kSha3_256Rate; ++length) {
    check_hash(length, false, random);
    if (length >= mlkem::kSha3_256Rate) check_hash(length, true, random);
  }
}

TEST_CASE("a rider of the PRF makes its outputs one after another, and no more") {
  Random random;
  for (int n = 0; n < 100; ++n) {
    const Bytes seed = random.vector(32);
    const auto nonce = random.between<std::uint8_t>(0, 250);
    const auto lane = random.between(0u, 3u);
    Restless::Keccak4 keccak;
    mlkem::NoiseBytes outputs[3] = {};
    mlkem::PrfRider<Restless, 2> rider(lane, outputs, mlkem::In<32>(seed.data(), 32), nonce);
    for (const bool more : {true, true, false}) REQUIRE(carry(rider, lane, keccak) == more);
    for (std::size_t i = 0; i < 2; ++i) {
      Bytes input = seed;
      input.push_back(static_cast<std::uint8_t>(nonce + i));
      REQUIRE(fault(outputs[i], openssl::shake256(input, mlkem::kNoiseSize)) == "");
    }
    REQUIRE(outputs[2] == mlkem::NoiseBytes{});
  }
}

}  // namespace
}  // namespace latchkey::test
