// Private keys in DER that others write: attributes, a publicKey, a seed without its tag.

#include "keyfile/der_writer.hpp"

namespace latchkey::test {
namespace {

const Bytes kName = der_id("550403");  // commonName

// [0] IMPLICIT SET OF Attribute, with that content.
Bytes attributes(View content) { return der_value(0xa0, content); }
Bytes attribute(View id, View values) { return der_sequence(copy_of(id) + values); }
const Bytes kAttribute = attribute(kName, der_value(0x31, der_value(0x0c, text("test"))));

// [1] IMPLICIT BIT STRING.
Bytes public_key_field(View key, std::uint8_t unused_bits = 0) {
  return der_value(0x81, Bytes{unused_bits} + key);
}

struct Keys {
  explicit Keys(Random& random)
      : mlkem(random), sk(random.vector(xwing::kSeedSize)), choice(seed_choice(mlkem.seed)) {}

  KeyMaterial mlkem;
  Bytes sk;
  Bytes choice;
};

TEST_CASE("A private key with attributes is read") {
  Random random;
  const Keys keys(random);
  for (const Bytes& content :
       {Bytes(), kAttribute, kAttribute + kAttribute,
        attribute(kName, der_value(0x31, der_number(1) + der_sequence(der_number(2))))}) {
    const Bytes rest = attributes(content);
    require_seed(read_private_key(Exact(private_key_der(0, kMlKemAlgorithm, keys.choice, rest))),
                 keys.mlkem.seed);
    require_seed(read_private_key(Exact(private_key_der(0, kXWingAlgorithm, keys.sk, rest))),
                 keys.sk);
  }
}

TEST_CASE("A private key with damaged attributes is not canonical") {
  Random random;
  const Keys keys(random);
  for (const Bytes& rest :
       {attributes(Bytes{1}), attributes(kName), attributes(attribute(kName, Bytes())),
        attributes(attribute(kName, der_value(0x31, {}))),
        attributes(attribute(kName, der_value(0x31, Bytes{0x0c, 5, 'x'}))),
        attributes(attribute(kName, der_value(0x31, Bytes{0x0c, 0x81, 1, 'x'}))),
        attributes(attribute(der_value(0x06, {}), der_value(0x31, der_number(1)))),
        attributes(kAttribute + Bytes{0}), attributes(kAttribute) + attributes(kAttribute),
        attributes(kAttribute) + Bytes{0}, der_value(0xa1, kAttribute),
        attributes(attribute(kName, der_value(0x31, der_number(1)) + der_number(1)))}) {
    CAPTURE(rest);
    require_error(read_private_key(Exact(private_key_der(0, kMlKemAlgorithm, keys.choice, rest))),
                  Error::not_canonical);
  }
}

TEST_CASE("A private key of version 2 with its publicKey is read, in each of its forms") {
  Random random;
  const Keys keys(random);
  const Bytes field = public_key_field(keys.mlkem.ek);
  const Bytes both = der_sequence(der_octets(keys.mlkem.seed) + der_octets(keys.mlkem.expanded));
  for (const Bytes& form : {keys.choice, both, keys.mlkem.seed}) {
    for (const Bytes& rest : {field, attributes(kAttribute) + field}) {
      require_seed(read_private_key(Exact(private_key_der(1, kMlKemAlgorithm, form, rest))),
                   keys.mlkem.seed);
    }
  }
  REQUIRE(read_private_key(
              Exact(private_key_der(1, kMlKemAlgorithm, der_octets(keys.mlkem.expanded), field)))
              .has_value());
}

TEST_CASE("A publicKey that is not the private key's is refused") {
  Random random;
  const Keys keys(random), other(random);
  Bytes changed = keys.mlkem.ek;
  changed.back() ^= 1;
  for (const Bytes& key : {other.mlkem.ek, changed, Bytes(), keys.mlkem.ek + Bytes(1, 0)}) {
    require_error(read_private_key(Exact(
                      private_key_der(1, kMlKemAlgorithm, keys.choice, public_key_field(key)))),
                  Error::public_key_mismatch);
  }
}

TEST_CASE("A version that does not fit the fields is not canonical") {
  Random random;
  const Keys keys(random);
  const Bytes field = public_key_field(keys.mlkem.ek);
  for (const Bytes& der :
       {private_key_der(1, kMlKemAlgorithm, keys.choice),
        private_key_der(0, kMlKemAlgorithm, keys.choice, field),
        private_key_der(1, kMlKemAlgorithm, keys.choice, field + attributes(kAttribute)),
        private_key_der(1, kMlKemAlgorithm, keys.choice, public_key_field(keys.mlkem.ek, 1)),
        private_key_der(1, kMlKemAlgorithm, keys.choice, der_value(0x81, {}))}) {
    require_error(read_private_key(Exact(der)), Error::not_canonical);
  }
}

TEST_CASE("A publicKey in an X-Wing private key is refused, and the message says that") {
  Random random;
  const Keys keys(random);
  const auto key = xwing::DecapsulationKey::from_seed(keys.sk);
  const auto file = read_private_key(Exact(private_key_der(
      1, kXWingAlgorithm, keys.sk, public_key_field(key->encapsulation_key().bytes()))));
  require_error(file, Error::public_key_forbidden);
  REQUIRE(std::string(describe(file.error())).find("publicKey") != std::string::npos);
}

TEST_CASE("A seed without its tag is read, and is written with it") {
  Random random;
  const Keys keys(random);
  const auto key = read_private_key(Exact(private_key_der(0, kMlKemAlgorithm, keys.mlkem.seed)));
  require_seed(key, keys.mlkem.seed);
  REQUIRE(bytes_in(write_private_key(std::get<DecapsulationKey>(*key), KeyEncoding::der)) ==
          private_key_der(0, kMlKemAlgorithm, keys.choice));
  for (const std::size_t size : {std::size_t{0}, std::size_t{32}, kSeedSize - 1, kSeedSize + 1}) {
    require_error(read_private_key(Exact(private_key_der(0, kMlKemAlgorithm, Bytes(size, 7)))),
                  Error::not_canonical);
  }
  for (const std::size_t size : {std::size_t{0}, xwing::kSeedSize - 1, xwing::kSeedSize + 1}) {
    require_error(read_private_key(Exact(private_key_der(0, kXWingAlgorithm, Bytes(size, 7)))),
                  Error::seed_length);
  }
}

TEST_CASE("An expanded key with an unreduced s_hat is refused as not reduced, in each form") {
  Random random;
  const Keys keys(random);
  Bytes unreduced = keys.mlkem.expanded;
  for (std::size_t i = 0; i < kCoefficients; ++i) {  // a number that fits in 12 bits plus q
    const int value = coefficient(unreduced, i);
    if (value + kQ < 4096) {
      set_coefficient(unreduced, i, value + kQ);
      break;
    }
  }
  REQUIRE(unreduced != keys.mlkem.expanded);
  require_error(read_private_key(Exact(private_key_der(0, kMlKemAlgorithm, der_octets(unreduced)))),
                Error::not_reduced);
  const Bytes both = der_sequence(der_octets(keys.mlkem.seed) + der_octets(unreduced));
  require_error(read_private_key(Exact(private_key_der(0, kMlKemAlgorithm, both))),
                Error::seed_mismatch);
}

TEST_CASE("A key under a password may have attributes and a publicKey inside, which are checked") {
  Random random;
  const Keys keys(random), other(random);
  const auto pem = [&](View ek) {
    const auto password = view_of("secret");
    const Bytes der = private_key_der(1, kMlKemAlgorithm, keys.choice,
                                      attributes(kAttribute) + public_key_field(ek));
    return set_password(Exact(der), {}, {.password = password});
  };
  const Bytes file = bytes_in(pem(keys.mlkem.ek));
  require_seed(read_private_key(Exact(file), view_of("secret")), keys.mlkem.seed);
  require_error(pem(other.mlkem.ek), Error::public_key_mismatch);
}

}  // namespace
}  // namespace latchkey::test
