// Riders (mlkem/riders.hpp) by themselves. Whatever they have to wait for, and whatever becomes of
// their lane meanwhile, they hash what they were given.
#include "mlkem/riders.hpp"

#include <algorithm>

#include "mlkem/backends.hpp"
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

// Blocks become ready by and by. If the rider is to finish alone, then from any block on.
void check_hash(std::size_t length, bool alone, Random& random) {
  const Bytes message = random.vector(length);
  const std::size_t split = random.between<std::size_t>(0, length);
  const mlkem::HMessage parts(ByteView(message).first(split), ByteView(message).subspan(split));
  const std::size_t blocks = parts.blocks(),
                    last = alone ? random.between<std::size_t>(0, blocks - 1) : blocks;
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

// Noise of both widths, as ML-KEM-512 has it for an encryption: y has two blocks a polynomial.
LATCHKEY_TEST_OF_SETS("a rider of the PRF makes its outputs one after another, and no more") {
  using Noise = mlkem::EncryptionNoise<p>;
  Random random;
  for (int n = 0; n < 100; ++n) {
    const Bytes seed = random.vector(32);
    const auto first = random.between<std::size_t>(0, Noise::kCount);
    const auto end = random.between<std::size_t>(0, Noise::kCount);
    const auto step = random.between<std::size_t>(1, 3);
    const auto lane = random.between(0u, 3u);
    Restless::Keccak4 keccak;
    Noise noise{};
    mlkem::PrfRider<Restless, Noise> rider(lane, noise, mlkem::In<32>(seed.data(), 32),
                                           {first, step, end});
    std::size_t next = first;
    for (std::size_t nonce = 0; nonce < Noise::kCount; ++nonce) {
      const auto output = noise.output(nonce);
      if (nonce != next || nonce >= end) {
        REQUIRE(std::ranges::count(output, 0) == static_cast<std::ptrdiff_t>(output.size()));
        continue;
      }
      for (std::size_t size = 0; size < output.size(); size += mlkem::kShake256Rate) {
        REQUIRE_FALSE(rider.is_done());
        REQUIRE(carry(rider, lane, keccak));
      }
      Bytes input = seed;
      input.push_back(static_cast<std::uint8_t>(nonce));
      REQUIRE(fault(output, openssl::shake256(input, output.size())) == "");
      next += step;
    }
    REQUIRE(rider.is_done());
    REQUIRE_FALSE(carry(rider, lane, keccak));
  }
}

}  // namespace
}  // namespace latchkey::test
