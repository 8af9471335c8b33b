// SHA-3 and SHAKE, made of mlkem/sponge.hpp's messages and each backend's permutation, against
// OpenSSL.
#include "mlkem/sponge.hpp"

#include <algorithm>

#include "mlkem/backends.hpp"
#include "mlkem/compare.hpp"
#include "mlkem/fenced.hpp"
#include "mlkem/openssl.hpp"
#include "mlkem/oracle_mlkem.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using oracle::Bytes;
using oracle::ByteView;

// As many bytes as asked for of a sponge that has absorbed first || second.
template <std::size_t Rate, std::uint8_t Domain>
Bytes sponge(const mlkem::KernelTable& kernels, ByteView first, ByteView second, std::size_t size) {
  const mlkem::Message<Rate, Domain> message(first, second);
  std::uint64_t state[25] = {};
  for (std::size_t i = 0; i < message.blocks(); ++i) {
    std::array<std::uint8_t, Rate> scratch;
    mlkem::absorb_block<Rate>(state, message.block(i, scratch));
    kernels.keccak_f1600(state);
  }
  Bytes out;
  while (out.size() < size) {
    if (!out.empty()) kernels.keccak_f1600(state);
    std::uint8_t block[Rate];
    mlkem::extract_bytes(block, state, Rate);
    out.insert(out.end(), block, block + std::min(Rate, size - out.size()));
  }
  return out;
}

Bytes sha3_256(const mlkem::KernelTable& kernels, ByteView first, ByteView second) {
  return sponge<mlkem::kSha3_256Rate, mlkem::kSha3Domain>(kernels, first, second, 32);
}
Bytes sha3_512(const mlkem::KernelTable& kernels, ByteView first, ByteView second) {
  return sponge<mlkem::kSha3_512Rate, mlkem::kSha3Domain>(kernels, first, second, 64);
}
Bytes shake128(const mlkem::KernelTable& kernels, ByteView first, ByteView second,
               std::size_t size) {
  return sponge<mlkem::kShake128Rate, mlkem::kShakeDomain>(kernels, first, second, size);
}
Bytes shake256(const mlkem::KernelTable& kernels, ByteView first, ByteView second,
               std::size_t size) {
  return sponge<mlkem::kShake256Rate, mlkem::kShakeDomain>(kernels, first, second, size);
}

TEST_CASE("messages of every length to 1500, in two parts, hash to what OpenSSL finds") {
  LATCHKEY_EACH_BACKEND(backend);
  const auto& kernels = *backend.kernels;
  Random random;
  for (std::size_t length = 0; length <= 1500; ++length) {
    const Bytes message = random.vector(length);
    const std::size_t split = random.between<std::size_t>(0, length);
    INFO(length << " bytes, the first part of " << split);
    const ByteView first = ByteView(message).first(split),
                   second = ByteView(message).subspan(split);
    REQUIRE(fault(sha3_256(kernels, first, second), openssl::sha3_256(message)) == "");
    REQUIRE(fault(sha3_512(kernels, first, second), openssl::sha3_512(message)) == "");
    REQUIRE(fault(shake128(kernels, first, second, 32), openssl::shake128(message, 32)) == "");
    REQUIRE(fault(shake256(kernels, first, second, 32), openssl::shake256(message, 32)) == "");
  }
}

TEST_CASE("outputs of every length to 700 are what OpenSSL squeezes") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (std::size_t size = 1; size <= 700; ++size) {
    const Bytes message = random.vector(random.between<std::size_t>(0, 400));
    INFO(message.size() << " bytes in, " << size << " out");
    REQUIRE(fault(shake128(*backend.kernels, message, {}, size),
                  openssl::shake128(message, size)) == "");
    REQUIRE(fault(shake256(*backend.kernels, {}, message, size),
                  openssl::shake256(message, size)) == "");
  }
}

// The blocks of a message by definition: its bytes, the domain bits, zeros, and a last bit.
template <std::size_t Rate, std::uint8_t Domain>
void check_blocks(std::size_t length, Random& random) {
  const Bytes message = random.vector(length);
  Bytes padded = message;
  padded.push_back(Domain);
  padded.resize((padded.size() + Rate - 1) / Rate * Rate);
  padded.back() |= 0x80;
  FencedBytes<Rate> scratch({Site::high});
  for (std::size_t split = 0; split <= length; ++split) {
    INFO("rate " << Rate << ", " << length << " bytes, the first part of " << split);
    const ByteView whole(message);
    const mlkem::Message<Rate, Domain> parts(whole.first(split), whole.subspan(split));
    REQUIRE(parts.blocks() == padded.size() / Rate);
    for (std::size_t i = 0; i < parts.blocks(); ++i) {
      scratch.poison();
      const ByteView block(parts.block(i, *scratch), Rate);
      REQUIRE(scratch.intact());
      const std::size_t begin = i * Rate, end = begin + Rate;
      const bool in_one_part = end <= split || (begin >= split && end <= length);
      REQUIRE(block.data() == (in_one_part ? whole.data() + begin : scratch->data()));
      REQUIRE(fault(block, ByteView(padded).subspan(i * Rate, Rate)) == "");
    }
  }
}

template <std::size_t Rate, std::uint8_t Domain>
void check_lengths_about_the_rate() {
  Random random;
  for (const std::size_t blocks : {0, 1, 2, 3}) {
    const std::size_t whole = blocks * Rate;
    if (blocks > 0) {
      check_blocks<Rate, Domain>(whole - 2, random);
      check_blocks<Rate, Domain>(whole - 1, random);
    }
    check_blocks<Rate, Domain>(whole, random);
    check_blocks<Rate, Domain>(whole + 1, random);
  }
}

TEST_CASE("a message is padded as FIPS 202 says wherever it is split and however full its blocks") {
  check_lengths_about_the_rate<mlkem::kSha3_256Rate, mlkem::kSha3Domain>();
  check_lengths_about_the_rate<mlkem::kSha3_512Rate, mlkem::kSha3Domain>();
  check_lengths_about_the_rate<mlkem::kShake128Rate, mlkem::kShakeDomain>();
  check_lengths_about_the_rate<mlkem::kShake256Rate, mlkem::kShakeDomain>();
}

TEST_CASE("a message of two empty parts is one block of padding") {
  const mlkem::GMessage message({}, {});
  REQUIRE(message.blocks() == 1);
  std::array<std::uint8_t, mlkem::kSha3_512Rate> scratch, expected = {};
  expected.front() = mlkem::kSha3Domain;
  expected.back() = 0x80;
  CHECK(fault({message.block(0, scratch), scratch.size()}, expected) == "");
}

}  // namespace
}  // namespace latchkey::test
