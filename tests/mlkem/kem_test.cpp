// ML-KEM of every backend against Algorithms 13 to 18 by the letter, on random keys.
#include "mlkem/backends.hpp"
#include "mlkem/compare.hpp"
#include "mlkem/kem_checks.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::KeyCheck;
using mlkem::kQ;
using oracle::Bytes;

LATCHKEY_TEST_OF_SETS("key generation, encapsulation and decapsulation are FIPS 203's") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (int n = 0; n < 20; ++n) {
    INFO("key " << n);
    const KemChecks<p> checks(backend, kByteSites[n % 4], random);
    checks.whole_key(random.vector(32), random.vector(32));
  }
}

LATCHKEY_TEST_OF_SETS("decapsulation takes any s_hat with numbers below q") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  const KemChecks<p> checks(backend, {Site::high}, random);
  const oracle::Keys keys = oracle::keygen(random.vector(32), random.vector(32), p);
  const Bytes c = oracle::encaps(keys.ek, random.vector(32), p).c;
  oracle::Vector largest(p.k), any(p.k);
  for (std::size_t number = 0; number < p.k * mlkem::kN; ++number) {
    largest[number / mlkem::kN].c[number % mlkem::kN] = kQ - 1;
    any[number / mlkem::kN].c[number % mlkem::kN] = random.between<std::int64_t>(0, kQ - 1);
  }
  const auto rest = oracle::ByteView(keys.dk).subspan(p.vector_size());
  for (const oracle::Vector& s_hat : {largest, any}) {
    checks.decapsulation(oracle::concat({oracle::encode_vector(s_hat), rest}), c);
  }
}

LATCHKEY_TEST_OF_SETS("an expanded key whose s_hat has a number of q or more is refused") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  const KemChecks<p> checks(backend, {Site::high}, random);
  const oracle::Keys keys = oracle::keygen(random.vector(32), random.vector(32), p);
  const oracle::ByteView dk(keys.dk);
  for (std::size_t number = 0; number < p.k * mlkem::kN; number += 5) {
    oracle::Vector s_hat = oracle::decode_vector(dk.first(p.vector_size()));
    s_hat[number / mlkem::kN].c[number % mlkem::kN] = random.between<std::int64_t>(kQ, 4095);
    checks.refusal(oracle::concat({oracle::encode_vector(s_hat), dk.subspan(p.vector_size())}),
                   KeyCheck::not_reduced);
  }
}

LATCHKEY_TEST_OF_SETS("an expanded key whose ek has a number of q or more is refused") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  const KemChecks<p> checks(backend, {Site::high}, random);
  const oracle::Keys keys = oracle::keygen(random.vector(32), random.vector(32), p);
  for (std::size_t number = 0; number < p.k * mlkem::kN; number += 5) {
    oracle::Vector t_hat = oracle::decode_vector(oracle::ByteView(keys.ek).first(p.vector_size()));
    t_hat[number / mlkem::kN].c[number % mlkem::kN] = random.between<std::int64_t>(kQ, 4095);
    const oracle::ByteView dk(keys.dk), ek(keys.ek);
    const Bytes wrong_ek = oracle::concat({oracle::encode_vector(t_hat), ek.last(32)});
    // The hash is that of the wrong ek: only the modulus check can refuse it.
    checks.refusal(
        oracle::concat({dk.first(p.vector_size()), wrong_ek, oracle::H(wrong_ek), dk.last(32)}),
        KeyCheck::not_reduced);
    checks.refusal_of_t_hat(wrong_ek, oracle::H(wrong_ek), KeyCheck::not_reduced);
  }
}

LATCHKEY_TEST_OF_SETS("a t_hat that is not that of the header is refused, wherever it differs") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  const KemChecks<p> checks(backend, {Site::low}, random);
  const oracle::Keys keys = oracle::keygen(random.vector(32), random.vector(32), p);
  const auto flip = [&](Bytes bytes, std::size_t i) {
    bytes[i] ^= static_cast<std::uint8_t>(1 << random.between(0, 7));
    return bytes;
  };
  const Bytes h = oracle::H(keys.ek);
  for (std::size_t i = 0; i < keys.ek.size(); i += random.between<std::size_t>(1, 7)) {
    checks.refusal_of_t_hat(flip(keys.ek, i), h, KeyCheck::hash_mismatch);
  }
  for (std::size_t i = 0; i < h.size(); ++i) {
    checks.refusal_of_t_hat(keys.ek, flip(h, i), KeyCheck::hash_mismatch);
  }
  // One that would give m away.
  Bytes zeros = keys.ek;
  std::fill_n(zeros.begin(), p.vector_size(), std::uint8_t{0});
  checks.refusal_of_t_hat(zeros, h, KeyCheck::hash_mismatch);
}

LATCHKEY_TEST_OF_SETS("an expanded key is refused if any byte of its hash is wrong") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  const KemChecks<p> checks(backend, {Site::low}, random);
  const oracle::Keys keys = oracle::keygen(random.vector(32), random.vector(32), p);
  for (std::size_t i = 0; i < 32; ++i) {
    Bytes dk = keys.dk;
    dk[p.vector_size() + p.encapsulation_key_size() + i] ^=
        static_cast<std::uint8_t>(1 << random.between(0, 7));
    checks.refusal(dk, KeyCheck::hash_mismatch);
  }
}

}  // namespace
}  // namespace latchkey::test
