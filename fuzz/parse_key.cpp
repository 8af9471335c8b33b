// Parsing an encapsulation key: it is taken if and only if FIPS 203, section 7.2, takes it, and is
// then expanded as Algorithm 14 does, and given back as it was.

#include <algorithm>

#include "api/access.hpp"
#include "keys.hpp"
#include "mlkem/openssl.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

// Any bytes at all, or a key with changes: of rho, and of coefficients.
Bytes key_bytes(Input& input) {
  const std::uint8_t kind = input.byte();
  if (kind % 2 == 0) return input.rest();
  Bytes ek = known_key(kind / 4).bytes.ek;
  if (kind & 2) {
    const auto rho = input.array<32>();
    std::copy(rho.begin(), rho.end(), ek.end() - 32);
  }
  while (!input.empty()) {
    const std::size_t i = input.number() % kCoefficients;
    set_coefficient(ek, i, input.number() % 4096);
  }
  return ek;
}

void check_expansion(const mlkem::PublicKey<mlkem::kMlKem768>& key, View ek) {
  const Bytes hash = test::openssl::sha3_256(ek);
  require(std::equal(hash.begin(), hash.end(), key.h), "the hash is OpenSSL's SHA3-256");
  const oracle::Matrix a_hat = oracle::expand_matrix(ek.last(32));
  for (std::size_t i = 0; i < mlkem::kMlKem768.k; ++i) {
    for (std::size_t n = 0; n < mlkem::kN; ++n) {
      require(key.t_hat[i].c[n] == static_cast<int>(coefficient(ek, mlkem::kN * i + n)),
              "t_hat is what the key encodes");
      for (std::size_t j = 0; j < mlkem::kMlKem768.k; ++j) {
        require(key.a_hat[i][j].c[n] == a_hat[i][j].c[n], "A_hat is sampled from rho");
      }
    }
  }
}

}  // namespace

void parse_key(View data) {
  Input input(data);
  use_row(input);
  const Bytes bytes = key_bytes(input);
  const auto key = EncapsulationKey::parse(bytes);
  if (bytes.size() != kEncapsulationKeySize) {
    require(!key && key.error() == Error::encapsulation_key_length, "the length is checked");
    return;
  }
  if (!is_reduced(bytes)) {
    require(!key && key.error() == Error::not_reduced, "coefficients of q or more are refused");
    return;
  }
  require(key.has_value(), "a key whose coefficients are below q is taken");
  require(std::ranges::equal(key->bytes(), bytes), "a key is given back as it was");
  check_expansion(SecretAccess::precomputed(*key)->key, bytes);
  const auto clone = key->clone();
  require(clone && std::ranges::equal(clone->bytes(), bytes), "a clone is the same key");
}

}  // namespace latchkey::fuzz
