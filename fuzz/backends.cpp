// Key generation, encapsulation and decapsulation of each parameter set by every backend, one by
// one and four at a time: all give the same bytes, and now and then those of the plain definitions.

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
template <mlkem::ParameterSet p>
Results run_alone(const mlkem::KemTable<p>& kem, const Exchange& x) {
  Results results;
  mlkem::PublicKey<p> pub, parsed;
  mlkem::SecretKey<p> sec;
  results.dk.resize(p.decapsulation_key_size());
  const auto dk = std::span(results.dk).template first<p.decapsulation_key_size()>();
  kem.keygen(pub, sec, x.d, x.z);
  kem.encode_dk(dk, pub, sec);

  Secret secret, opened;
  results.c.resize(p.ciphertext_size());
  const auto c = std::span(results.c).template first<p.ciphertext_size()>();
  require(kem.precompute_ek_vartime(parsed, mlkem::In<p.encapsulation_key_size()>(pub.ek)) ==
              KeyCheck::passed,
          "a generated key is reduced");
  kem.encaps(c, secret, parsed, x.m);
  kem.decaps(opened, pub, sec, c);
  require(opened == secret, "both sides have the same secret");
  results.secret = bytes_of(secret);

  Bytes at_once(p.ciphertext_size());
  require(kem.encaps_once(std::span(at_once).template first<p.ciphertext_size()>(), opened, parsed,
                          mlkem::In<p.encapsulation_key_size()>(pub.ek), x.m) == KeyCheck::passed,
          "a generated key is reduced");
  require(at_once == results.c && opened == secret, "encapsulation in one call gives the same");

  Bytes in_two_steps(p.ciphertext_size());
  const auto both = std::span(in_two_steps).template first<p.ciphertext_size()>();
  const std::span<const std::uint8_t, p.encapsulation_key_size()> ek(pub.ek);
  const mlkem::In<32> rho = ek.template last<32>(), h(pub.h);
  kem.encaps_begin(both.template first<p.c1_size()>(), rho, h, x.m);
  require(kem.encaps_finish(both.template last<p.v_size()>(), opened,
                            ek.template first<p.vector_size()>(), rho, h, x.m) == KeyCheck::passed,
          "a key's own t_hat finishes what its header began");
  require(in_two_steps == results.c && opened == secret, "encapsulation in two steps is the same");

  results.changed_c = results.c;
  Input changes(x.changes);
  mutate(results.changed_c, changes, x.changes.size());
  const auto changed = std::span(results.changed_c).template first<p.ciphertext_size()>();
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
template <mlkem::ParameterSet p>
void check_together(const mlkem::KemTable<p>& kem, std::span<const Exchange> exchanges,
                    std::span<const Results> expected) {
  const std::size_t count = exchanges.size();
  std::vector<mlkem::PublicKey<p>> pub(count);
  std::vector<mlkem::SecretKey<p>> sec(count);
  std::vector<std::array<std::uint8_t, p.ciphertext_size()>> c(count);
  std::vector<Secret> secrets(count), opened(count);
  std::vector<mlkem::KeygenJob<p>> keygen;
  std::vector<mlkem::EncapsJob<p>> encaps;
  std::vector<mlkem::DecapsJob<p>> decaps;
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
    std::array<std::uint8_t, p.decapsulation_key_size()> dk;
    kem.encode_dk(dk, pub[i], sec[i]);
    require(std::ranges::equal(dk, expected[i].dk), "a batch generates the same keys");
    require(std::ranges::equal(c[i], expected[i].c), "a batch makes the same ciphertexts");
    require(bytes_of(secrets[i]) == expected[i].secret, "a batch makes the same secrets");
    require(bytes_of(opened[i]) == expected[i].opened, "a batch opens the same secrets");
  }
}

template <mlkem::ParameterSet p>
void check_against_oracle(const Exchange& x, const Results& results) {
  const auto keys = oracle::keygen(x.d, x.z, p);
  require(results.dk == keys.dk, "key generation is Algorithm 16");
  const auto sent = oracle::encaps(keys.ek, x.m, p);
  require(results.c == sent.c && results.secret == sent.K, "encapsulation is Algorithm 17");
  require(results.opened == oracle::decaps(keys.dk, results.changed_c, p),
          "decapsulation is Algorithm 18");
}

Exchange read_exchange(Input& input) {
  return {input.array<32>(), input.array<32>(), input.array<32>(), input.bytes(input.byte() % 16)};
}

template <mlkem::ParameterSet p>
void check(std::span<const Exchange> exchanges, bool by_oracle) {
  std::vector<Results> expected;
  const auto all = dispatch::backends();
  for (std::size_t b = 0; b < all.size(); ++b) {
    if (!all[b].supported()) continue;
    const auto& kem = *dispatch::kem_tables<p>()[b];
    std::vector<Results> results;
    for (const auto& x : exchanges) results.push_back(run_alone<p>(kem, x));
    if (expected.empty()) expected = results;
    require(results == expected, "every backend gives the same bytes");
    check_together<p>(kem, exchanges, expected);
  }
  if (by_oracle) check_against_oracle<p>(exchanges[0], expected[0]);
}

}  // namespace

void backends(View data) {
  Input input(data);
  const std::uint8_t shape = input.byte();
  std::vector<Exchange> exchanges;
  for (std::size_t i = 0; i <= shape % mlkem::kBatch; ++i)
    exchanges.push_back(read_exchange(input));
  const bool by_oracle = shape / mlkem::kBatch % 4 == 0;
  switch (shape / (4 * mlkem::kBatch) % 3) {
    case 0:
      return check<mlkem::kMlKem768>(exchanges, by_oracle);
    case 1:
      return check<mlkem::kMlKem512>(exchanges, by_oracle);
    case 2:
      return check<mlkem::kMlKem1024>(exchanges, by_oracle);
  }
}

}  // namespace latchkey::fuzz
