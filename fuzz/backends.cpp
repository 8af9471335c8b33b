// Key generation, encapsulation and decapsulation by every backend, one by one and four at a time:
// all give the same bytes, and now and then those of the plain definitions.

#include <algorithm>

#include "keys.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

using mlkem::KeyCheck;

struct Exchange {
  std::array<std::uint8_t, 32> d, z, m;
  Bytes changes;  // for mutate(), of the ciphertext
};

struct Results {
  Bytes dk, c, changed_c, secret, opened;

  bool operator==(const Results&) const = default;
};

using Secret = std::array<std::uint8_t, 32>;
Bytes bytes_of(const Secret& secret) { return Bytes(secret.begin(), secret.end()); }

// Each operation on the keys that the one before made.
Results run_alone(const mlkem::KemTable& kem, const Exchange& x) {
  Results results;
  mlkem::PublicKey pub, parsed;
  mlkem::SecretKey sec;
  results.dk.resize(kDecapsulationKeySize);
  const auto dk = std::span(results.dk).first<kDecapsulationKeySize>();
  kem.keygen(pub, sec, x.d, x.z);
  kem.encode_dk(dk, pub, sec);

  Secret secret, opened;
  results.c.resize(kCiphertextSize);
  const auto c = std::span(results.c).first<kCiphertextSize>();
  require(kem.precompute_ek_vartime(parsed, mlkem::In<kEncapsulationKeySize>(pub.ek)) ==
              KeyCheck::passed,
          "a generated key is reduced");
  kem.encaps(c, secret, parsed, x.m);
  kem.decaps(opened, pub, sec, c);
  require(opened == secret, "both sides have the same secret");
  results.secret = bytes_of(secret);

  results.changed_c = results.c;
  Input changes(x.changes);
  mutate(results.changed_c, changes, x.changes.size());
  const auto changed = std::span(results.changed_c).first<kCiphertextSize>();
  kem.decaps(opened, pub, sec, changed);
  results.opened = bytes_of(opened);

  require(kem.decaps_once(opened, dk, changed) == KeyCheck::passed, "an exported key is good");
  require(bytes_of(opened) == results.opened, "decapsulation in one call gives the same");
  require(kem.precompute_dk(pub, sec, dk) == KeyCheck::passed, "an exported key is good");
  kem.decaps(opened, pub, sec, changed);
  require(bytes_of(opened) == results.opened, "an imported key gives the same");
  return results;
}

// The same in company: the exchanges of a batch, of which the last may be cut off.
void check_together(const mlkem::KemTable& kem, std::span<const Exchange> exchanges,
                    std::span<const Results> expected) {
  const std::size_t count = exchanges.size();
  std::vector<mlkem::PublicKey> pub(count);
  std::vector<mlkem::SecretKey> sec(count);
  std::vector<Ciphertext> c(count);
  std::vector<Secret> secrets(count), opened(count);
  std::vector<mlkem::KeygenJob> keygen;
  std::vector<mlkem::EncapsJob> encaps;
  std::vector<mlkem::DecapsJob> decaps;
  for (std::size_t i = 0; i < count; ++i) {
    const Exchange& x = exchanges[i];
    keygen.push_back({&pub[i], &sec[i], x.d.data(), x.z.data()});
    encaps.push_back({c[i].data(), secrets[i].data(), &pub[i], x.m.data()});
    decaps.push_back({opened[i].data(), &pub[i], &sec[i], expected[i].changed_c.data()});
  }
  kem.keygen_many(keygen.data(), count);
  kem.encaps_four(encaps.data(), count);
  kem.decaps_four(decaps.data(), count);
  for (std::size_t i = 0; i < count; ++i) {
    std::array<std::uint8_t, kDecapsulationKeySize> dk;
    kem.encode_dk(dk, pub[i], sec[i]);
    require(std::ranges::equal(dk, expected[i].dk), "a batch generates the same keys");
    require(std::ranges::equal(c[i], expected[i].c), "a batch makes the same ciphertexts");
    require(bytes_of(secrets[i]) == expected[i].secret, "a batch makes the same secrets");
    require(bytes_of(opened[i]) == expected[i].opened, "a batch opens the same secrets");
  }
}

void check_against_oracle(const Exchange& x, const Results& results) {
  const auto keys = oracle::keygen(x.d, x.z);
  require(results.dk == keys.dk, "key generation is Algorithm 16");
  const auto sent = oracle::encaps(keys.ek, x.m);
  require(results.c == sent.c && results.secret == sent.K, "encapsulation is Algorithm 17");
  require(results.opened == oracle::decaps(keys.dk, results.changed_c),
          "decapsulation is Algorithm 18");
}

Exchange read_exchange(Input& input) {
  return {input.array<32>(), input.array<32>(), input.array<32>(), input.bytes(input.byte() % 16)};
}

}  // namespace

void backends(View data) {
  Input input(data);
  const std::uint8_t shape = input.byte();
  std::vector<Exchange> exchanges;
  for (std::size_t i = 0; i <= shape % mlkem::kBatch; ++i)
    exchanges.push_back(read_exchange(input));

  std::vector<Results> expected;
  for (const auto& backend : supported_backends()) {
    std::vector<Results> results;
    for (const auto& x : exchanges) results.push_back(run_alone(*backend.kem, x));
    if (expected.empty()) expected = results;
    require(results == expected, "every backend gives the same bytes");
    check_together(*backend.kem, exchanges, expected);
  }
  if (shape / mlkem::kBatch % 4 == 0) check_against_oracle(exchanges[0], expected[0]);
}

}  // namespace latchkey::fuzz
