// What the other tests of the public interface show of ML-KEM-768, in short for each parameter set:
// the classes are one template, and what may differ are sizes and the backend's table.

#include "api/support.hpp"
#include "latchkey/kem.hpp"

namespace latchkey::test {
namespace {

// A key with everything that it can be written as.
template <MlKem set>
struct Alice {
  using DecapsulationKey = MlKemDecapsulationKey<set>;
  using EncapsulationKey = MlKemEncapsulationKey<set>;
  static constexpr MlKemSizes kSizes = sizes_of(set);
  static constexpr std::size_t kVector = kSizes.encapsulation_key - 32;  // bytes of t_hat, of s_hat
  static constexpr std::size_t kNumbers = kVector / 3 * 2;               // coefficients of them
  static constexpr std::size_t kHash = kVector + kSizes.encapsulation_key;

  explicit Alice(Random& random)
      : seed(random.vector(kSeedSize)),
        key(DecapsulationKey::from_seed(seed).value()),
        ek(copy_of(key.encapsulation_key().bytes())),
        expanded(kSizes.decapsulation_key) {
    const std::span<std::uint8_t, kSizes.decapsulation_key> out(expanded);
    REQUIRE(key.export_expanded(out).has_value());
  }

  // The three ways to decapsulate.
  void require_opens(View ciphertext, const Bytes& secret) const {
    const auto imported = DecapsulationKey::import_expanded(expanded, ExpandedKeyCheck::hash_only);
    REQUIRE(imported.has_value());
    require_secret(key.decapsulate(ciphertext), secret);
    require_secret(imported->decapsulate(ciphertext), secret);
    require_secret(decapsulate_with_expanded_key<set>(expanded, ciphertext), secret);
  }
  // Both ways to read an expanded key that is wrong.
  static void require_refused(const Bytes& wrong, Error why) {
    require_error(DecapsulationKey::import_expanded(wrong, ExpandedKeyCheck::hash_only), why);
    const Bytes ciphertext(kSizes.ciphertext, 0);
    require_error(decapsulate_with_expanded_key<set>(wrong, ciphertext), why);
  }

  Bytes seed;
  DecapsulationKey key;
  Bytes ek, expanded;
};

LATCHKEY_TEST_OF_KEMS("All forms of a key of each parameter set agree") {
  using A = Alice<set>;
  Random random;
  for (int round = 0; round < 10; ++round) {
    const A alice(random);
    REQUIRE(alice.ek.size() == A::kSizes.encapsulation_key);
    REQUIRE(copy_of(View(alice.expanded).subspan(A::kVector, alice.ek.size())) == alice.ek);
    REQUIRE(copy_of(View(alice.expanded).subspan(A::kHash, 32)) == h(alice.ek));
    REQUIRE(copy_of(View(alice.expanded).last(32)) == copy_of(View(alice.seed).last(32)));
    std::array<std::uint8_t, kSeedSize> seed;
    REQUIRE(alice.key.export_seed(seed).has_value());
    REQUIRE(copy_of(seed) == alice.seed);

    const auto parsed = A::EncapsulationKey::parse(alice.ek);
    REQUIRE(parsed.has_value());
    const auto clone = parsed->clone();
    REQUIRE(clone.has_value());
    const auto m = random.bytes<32>();
    const auto sent = derand::encapsulate(alice.key.encapsulation_key(), m);
    REQUIRE(sent.has_value());
    alice.require_opens(sent->ciphertext, copy_of(sent->secret));
    const auto again = derand::encapsulate(*clone, m);
    REQUIRE(again.has_value());
    REQUIRE(again->ciphertext == sent->ciphertext);
    const auto fresh = parsed->encapsulate();
    REQUIRE(fresh.has_value());
    REQUIRE(fresh->ciphertext != sent->ciphertext);
    alice.require_opens(fresh->ciphertext, copy_of(fresh->secret));
  }
}

LATCHKEY_TEST_OF_KEMS("A changed ciphertext of each parameter set gives J(z || c)") {
  using A = Alice<set>;
  Random random;
  const A alice(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  REQUIRE(sent.has_value());
  const View z = View(alice.seed).last(32);
  for (std::size_t i = 0; i < sent->ciphertext.size(); i += random.between<std::size_t>(1, 7)) {
    CAPTURE(i);
    Bytes changed = copy_of(sent->ciphertext);
    changed[i] ^= random.between<std::uint8_t>(1, 255);
    alice.require_opens(changed, rejection_secret(z, changed));
  }
  for (const Bytes& c : {Bytes(A::kSizes.ciphertext, 0), Bytes(A::kSizes.ciphertext, 0xff)}) {
    alice.require_opens(c, rejection_secret(z, c));
  }
}

LATCHKEY_TEST_OF_KEMS("Each parameter set takes inputs of its own sizes alone") {
  using A = Alice<set>;
  Random random;
  const A alice(random);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{768}, std::size_t{800}, std::size_t{1088}, std::size_t{1184},
        std::size_t{1568}, std::size_t{1632}, std::size_t{2400}, std::size_t{3168}}) {
    CAPTURE(size);
    const Bytes bytes(size, 0);
    const Exact input{View(bytes)};
    const auto parsed = A::EncapsulationKey::parse(input);
    if (size == A::kSizes.encapsulation_key) {
      REQUIRE(parsed.has_value());
    } else {
      require_error(parsed, Error::encapsulation_key_length);
    }
    if (size != A::kSizes.decapsulation_key) {
      require_error(A::DecapsulationKey::import_expanded(input), Error::decapsulation_key_length);
      require_error(decapsulate_with_expanded_key<set>(input, Bytes(A::kSizes.ciphertext)),
                    Error::decapsulation_key_length);
    }
    if (size != A::kSizes.ciphertext) {
      require_error(alice.key.decapsulate(input), Error::ciphertext_length);
      require_error(decapsulate_with_expanded_key<set>(alice.expanded, input),
                    Error::ciphertext_length);
    }
  }
}

LATCHKEY_TEST_OF_KEMS(
    "Each parameter set refuses keys that are not reduced, or whose hash is wrong") {
  using A = Alice<set>;
  Random random;
  const A alice(random), mallory(random);
  for (std::size_t i = 0; i < A::kNumbers; i += random.between<std::size_t>(1, 9)) {
    CAPTURE(i);
    Bytes ek = alice.ek;
    set_coefficient(ek, i, kQ);
    require_error(A::EncapsulationKey::parse(ek), Error::not_reduced);
    for (const std::size_t half : {std::size_t{0}, A::kVector}) {
      Bytes expanded = alice.expanded;
      set_coefficient(std::span(expanded).subspan(half), i, kQ);
      A::require_refused(expanded, Error::not_reduced);
    }
  }
  for (std::size_t i = 0; i < 32; ++i) {
    Bytes expanded = alice.expanded;
    expanded[A::kHash + i] ^= 1;
    A::require_refused(expanded, Error::hash_mismatch);
  }
  Bytes forged = alice.expanded;
  std::copy_n(mallory.expanded.begin(), A::kVector, forged.begin());
  require_error(A::DecapsulationKey::import_expanded(forged), Error::inconsistent_key);
}

LATCHKEY_TEST_OF_KEMS("A batch of each parameter set gives what single operations give") {
  using DecapsulationKey = MlKemDecapsulationKey<set>;
  using EncapsulationKey = MlKemEncapsulationKey<set>;
  Random random;
  for (const std::size_t size : {0u, 1u, 4u, 5u, 18u}) {
    CAPTURE(size);
    std::vector<std::array<std::uint8_t, kSeedSize>> seeds(size);
    std::vector<std::array<std::uint8_t, 32>> ms(size);
    for (auto& seed : seeds) random.fill(seed);
    for (auto& m : ms) random.fill(m);
    std::vector<DecapsulationKey> keys(size);
    REQUIRE(derand::generate_batch<set>(seeds, keys).has_value());
    std::vector<const EncapsulationKey*> pub;
    std::vector<const DecapsulationKey*> secret;
    for (const auto& key : keys) {
      pub.push_back(&key.encapsulation_key());
      secret.push_back(&key);
    }
    std::vector<MlKemEncapsulation<set>> sent(size), fresh(size);
    REQUIRE(derand::encapsulate_batch<set>(pub, ms, sent).has_value());
    REQUIRE(encapsulate_batch<set>(pub, fresh).has_value());
    std::vector<MlKemCiphertext<set>> ciphertexts(size);
    for (std::size_t i = 0; i < size; ++i) {
      const auto single = DecapsulationKey::from_seed(seeds[i]);
      REQUIRE(copy_of(single->encapsulation_key().bytes()) == copy_of(pub[i]->bytes()));
      const auto one = derand::encapsulate(single->encapsulation_key(), ms[i]);
      REQUIRE(sent[i].ciphertext == one->ciphertext);
      REQUIRE(copy_of(sent[i].secret) == copy_of(one->secret));
      require_secret(single->decapsulate(fresh[i].ciphertext), copy_of(fresh[i].secret));
      ciphertexts[i] = sent[i].ciphertext;
      if (i % 3 == 1)
        ciphertexts[i][random.between<std::size_t>(0, ciphertexts[i].size() - 1)] ^= 1;
    }
    std::vector<SharedSecret> secrets(size);
    REQUIRE(decapsulate_batch<set>(secret, ciphertexts, secrets).has_value());
    for (std::size_t i = 0; i < size; ++i) {
      const auto one = keys[i].decapsulate(ciphertexts[i]);
      REQUIRE(copy_of(secrets[i]) == copy_of(*one));
      REQUIRE((copy_of(secrets[i]) == copy_of(sent[i].secret)) == (i % 3 != 1));
    }
    REQUIRE(generate_batch<set>(keys).has_value());
    for (const auto& key : keys) REQUIRE(key.encapsulation_key().bytes().size() > 0);
  }
}

// The sizes of FIPS 203, table 3.
static_assert(MlKem512::kEncapsulationKeySize == 800 && MlKem512::kCiphertextSize == 768);
static_assert(MlKem1024::kEncapsulationKeySize == 1568 && MlKem1024::kCiphertextSize == 1568);

}  // namespace
}  // namespace latchkey::test
