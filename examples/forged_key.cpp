// A private key in expanded form carries the hash of its public half. Where nobody checks that
// hash, a forged one makes two ciphertexts for two keys give one secret. (docs/holding-kems.md)
#include "claims.hpp"
// A plain ML-KEM that checks nothing, in the role of a careless library.
#include "mlkem/oracle_mlkem.hpp"

using latchkey::DecapsulationKey;
namespace careless = latchkey::test::oracle;
using Bytes = careless::Bytes;

namespace {

struct Key {
  Bytes expanded = Bytes(latchkey::kDecapsulationKeySize);  // dk_PKE || ek || H(ek) || z

  Key() {
    const auto key = need(DecapsulationKey::generate());
    need(key.export_expanded(std::span(expanded).first<latchkey::kDecapsulationKeySize>()));
  }
  [[nodiscard]] auto ek() const {
    return std::span(expanded).subspan<1152, latchkey::kEncapsulationKeySize>();
  }
};

}  // namespace

int main() {
  const Key key1, key2;

  std::puts("Mallory puts the hash of key 1 into key 2.");
  Bytes evil = key2.expanded;
  std::ranges::copy(careless::H(key1.ek()), evil.begin() + 2336);

  std::puts(
      "She encapsulates to key 1, and encrypts the same m to key 2 with the same randomness.");
  const Bytes m(32, 0x6d);
  const auto [secret1, c1] = careless::encaps(key1.ek(), m);
  const auto randomness = careless::G(careless::concat({m, careless::H(key1.ek())})).second;
  const Bytes c2 = careless::k_pke_encrypt(key2.ek(), m, randomness);

  std::puts("A library that does not check the hash:");
  claim(!std::ranges::equal(key1.ek(), key2.ek()), "two encapsulation keys");
  claim(c1 != c2, "two ciphertexts");
  claim(careless::decaps(key1.expanded, c1) == careless::decaps(evil, c2), "one secret");

  std::puts("This library, asked to import the key:");
  const auto imported = DecapsulationKey::import_expanded(evil);
  claim(!imported.has_value() && imported.error() == latchkey::Error::hash_mismatch,
        latchkey::describe(latchkey::Error::hash_mismatch));

  std::puts("As a seed, the form to store keys in, there is no hash to forge:");
  const auto as_seed = DecapsulationKey::from_seed(evil);
  claim(!as_seed.has_value() && as_seed.error() == latchkey::Error::seed_length,
        latchkey::describe(latchkey::Error::seed_length));
}
