// A key of one algorithm in a file that names another: noticed if the sizes differ.

#include "keyfile/der_writer.hpp"
#include "latchkey/kem.hpp"

namespace latchkey::test {
namespace {

template <class K>
constexpr const char* kId = "2b0601040183e62d81c87a";  // X-Wing
template <>
constexpr const char* kId<MlKem512> = "608648016503040401";
template <>
constexpr const char* kId<MlKem768> = "608648016503040402";
template <>
constexpr const char* kId<MlKem1024> = "608648016503040403";

template <class K>
Bytes algorithm_of() {
  return der_sequence(der_id(kId<K>));
}

template <class K>
constexpr std::size_t kExpandedSize = K::DecapsulationKey::Expanded::extent;

template <class K>
struct Material {
  explicit Material(Random& random)
      : seed(random.vector(kSeedSize)),
        key(K::DecapsulationKey::from_seed(seed).value()),
        ek(copy_of(key.encapsulation_key().bytes())),
        expanded(kExpandedSize<K>) {
    const std::span<std::uint8_t, kExpandedSize<K>> out(expanded);
    REQUIRE(key.export_expanded(out).has_value());
  }

  Bytes seed;
  typename K::DecapsulationKey key;
  Bytes ek, expanded;
};

Bytes public_file(const Bytes& algorithm, View ek) {
  return der_sequence(algorithm + der_value(0x03, Bytes{0} + ek));
}

template <class Named, class Real>
void require_told_apart(Random& random) {
  CAPTURE(Named::kName, Real::kName);
  const Material<Real> real(random);
  const Bytes algorithm = algorithm_of<Named>();
  require_error(read_public_key(Exact(public_file(algorithm, real.ek))),
                Error::encapsulation_key_length);
  const auto read = [&](View key, View rest = {}) {
    return read_private_key(Exact(private_key_der(rest.empty() ? 0 : 1, algorithm, key, rest)));
  };
  const Bytes both = der_sequence(der_octets(real.seed) + der_octets(real.expanded));
  if constexpr (std::is_same_v<Named, XWing>) {
    for (const Bytes& key : {real.seed, seed_choice(real.seed), der_octets(real.expanded), both}) {
      require_error(read(key), Error::seed_length);
    }
  } else {
    require_error(read(der_octets(real.expanded)), Error::decapsulation_key_length);
    require_error(read(both), Error::decapsulation_key_length);
    // A seed is the same in all sets: it is a key of the set that the file names.
    require_seed(read(seed_choice(real.seed)), real.seed);
    REQUIRE(std::holds_alternative<typename Named::DecapsulationKey>(
        read(seed_choice(real.seed)).value()));
    // Unless the file says which key it is.
    require_error(read(seed_choice(real.seed), der_value(0x81, Bytes{0} + real.ek)),
                  Error::public_key_mismatch);
    // A key of X-Wing with its tag.
    require_error(read(seed_choice(View(real.seed).first(32))), Error::seed_length);
    require_error(
        read(der_sequence(der_octets(View(real.seed).first(32)) + der_octets(real.expanded))),
        Error::seed_length);
  }
}

TEST_CASE("A key of one set in a file that names another is refused, and the error says why") {
  Random random;
  require_told_apart<MlKem512, MlKem768>(random);
  require_told_apart<MlKem512, MlKem1024>(random);
  require_told_apart<MlKem768, MlKem512>(random);
  require_told_apart<MlKem768, MlKem1024>(random);
  require_told_apart<MlKem1024, MlKem512>(random);
  require_told_apart<MlKem1024, MlKem768>(random);
  require_told_apart<XWing, MlKem512>(random);
  require_told_apart<XWing, MlKem768>(random);
  require_told_apart<XWing, MlKem1024>(random);
}

LATCHKEY_TEST_OF_KEMS("A key of X-Wing in a file of ML-KEM is refused") {
  Random random;
  const Bytes algorithm = algorithm_of<MlKemOf<set>>();
  const auto xwing = xwing::DecapsulationKey::generate();
  require_error(read_public_key(Exact(public_file(algorithm, xwing->encapsulation_key().bytes()))),
                Error::encapsulation_key_length);
  require_error(
      read_private_key(Exact(private_key_der(0, algorithm, random.vector(xwing::kSeedSize)))),
      Error::not_canonical);
}

TEST_CASE("An empty public key has the wrong length, and one without its first byte is none") {
  const Bytes algorithm = algorithm_of<MlKem512>();
  require_error(read_public_key(Exact(public_file(algorithm, {}))),
                Error::encapsulation_key_length);
  require_error(read_public_key(Exact(der_sequence(algorithm + der_value(0x03, {})))),
                Error::not_canonical);
}

}  // namespace
}  // namespace latchkey::test
