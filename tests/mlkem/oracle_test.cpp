// The oracles against each other: definitions that must agree, and the permutation against OpenSSL.
#include "mlkem/oracle.hpp"

#include "mlkem/compare.hpp"
#include "mlkem/openssl.hpp"
#include "mlkem/oracle_keccak.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using oracle::Poly;

Poly random_poly(Random& random) {
  return modulo_q(random_coefficients(non_negative_below(mlkem::kQ), random));
}

TEST_CASE("the oracle's inverse NTT inverts its NTT") {
  Random random;
  for (int n = 0; n < 20; ++n) {
    const Poly f = random_poly(random);
    CHECK(oracle::inverse_ntt(oracle::ntt(f)) == f);
    CHECK(oracle::ntt(oracle::inverse_ntt(f)) == f);
  }
}

TEST_CASE("the oracle's products in the NTT domain are schoolbook products") {
  Random random;
  for (int n = 0; n < 20; ++n) {
    const Poly f = random_poly(random), g = random_poly(random);
    CHECK(oracle::inverse_ntt(oracle::multiply_ntts(oracle::ntt(f), oracle::ntt(g))) ==
          oracle::schoolbook(f, g));
  }
}

// FIPS 203, appendix A: zeta^(2 BitRev7(i) + 1) for the first and last i.
TEST_CASE("the oracle's gammas are those that FIPS 203 lists") {
  CHECK(oracle::gamma(0) == 17);
  CHECK(oracle::gamma(1) == oracle::mod_q(-17));
  CHECK(oracle::gamma(2) == 2761);
  CHECK(oracle::gamma(126) == 2154);
  CHECK(oracle::gamma(127) == oracle::mod_q(-2154));
}

TEST_CASE("the oracle's compression undoes its decompression") {
  for (const unsigned d : {1u, 4u, 10u}) {
    for (std::int64_t y = 0; y < 1 << d; ++y) {
      REQUIRE(oracle::compress(d, oracle::decompress(d, y)) == y);
    }
  }
}

TEST_CASE("the oracle's decoding undoes its encoding") {
  Random random;
  for (const unsigned d : {1u, 4u, 10u, 12u}) {
    const int end = d < 12 ? 1 << d : mlkem::kQ;
    const Poly f = modulo_q(random_coefficients(non_negative_below(end), random));
    CHECK(oracle::byte_decode(d, oracle::byte_encode(d, f)) == f);
  }
}

TEST_CASE("the oracle's permutation makes the SHAKE128 that OpenSSL has") {
  std::uint64_t words[25] = {};
  words[0] = 0x1f;  // the padding of an empty message
  words[20] = std::uint64_t{1} << 63;
  const oracle::Bytes expected = openssl::shake128({}, 5 * 168);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (i % 168 == 0) oracle::keccak_f1600(words);
    REQUIRE(expected[i] == (words[i % 168 / 8] >> (i % 8 * 8) & 0xff));
  }
}

}  // namespace
}  // namespace latchkey::test
