// Calls each function of the backend's table. Every byte that a function writes is compared with a
// known answer: directly, through a hash, or through the output of another function.

#include <algorithm>

#include "api/access.hpp"
#include "api/hash.hpp"
#include "api/self_test_answers.hpp"
#include "api/shared_secret.hpp"
#include "base/bytes.hpp"
#include "base/try.hpp"
#include "latchkey/derand.hpp"

namespace latchkey {
namespace {

using Digest = std::array<std::uint8_t, 32>;
using Seed = std::array<std::uint8_t, kSeedSize>;

// d = 00 01 .. 1f, z = 20 21 .. 3f, m = 40 41 .. 5f.
template <std::size_t Size = 32>
constexpr std::array<std::uint8_t, Size> bytes_from(std::uint8_t first) {
  std::array<std::uint8_t, Size> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
  return bytes;
}

// SHA3-256 of what the three hashes make of the bytes 00 to c7: 32, 200 and 200 bytes.
constexpr Digest kHashesHash = {0x72, 0x59, 0x4b, 0xd3, 0xce, 0x0b, 0x37, 0x7f, 0xd0, 0x53, 0x90,
                                0x82, 0x3f, 0x7e, 0xe3, 0xe5, 0xbe, 0xab, 0x2c, 0x6a, 0x83, 0x7c,
                                0x95, 0xfc, 0xfa, 0x21, 0x40, 0x53, 0x0c, 0x17, 0xe7, 0x7d};

Digest sha3_256(View bytes) noexcept {
  Digest digest;
  hash(digest, mlkem::kSha3_256, {bytes});
  return digest;
}

Result<void> require(bool right) noexcept {
  if (!right) return Error::self_test_failed;
  return {};
}

// Errors: self_test_failed, if it is another secret; purged.
Result<void> expect(const SharedSecret& secret, const Digest& expected) noexcept {
  const OpenSecrets open;
  const auto bytes = LATCHKEY_TRY(secret.expose());
  const bool same = std::ranges::equal(bytes, expected);
  LATCHKEY_TRY(SecretAccess::check_after_use(secret));
  return require(same);
}

// To refuse the keys of this test is a wrong answer, too.
Error evaluated(Error error) noexcept {
  const bool refused = error == Error::not_reduced || error == Error::hash_mismatch ||
                       error == Error::inconsistent_key;
  return refused ? Error::self_test_failed : error;
}
Result<void> expect(const Result<SharedSecret>& secret, const Digest& expected) noexcept {
  if (!secret) return evaluated(secret.error());
  return expect(*secret, expected);
}
Result<void> agree(const SharedSecret& ours, const SharedSecret& theirs) noexcept {
  if (const auto same = must_agree(ours, theirs); !same) return evaluated(same.error());
  return {};
}

// An input that has to be refused.
template <class T>
Result<void> expect_refused(const Result<T>& result, Error why) noexcept {
  if (result) return Error::self_test_failed;
  return result.error() == why ? Result<void>() : evaluated(result.error());
}

// This function and the others are not inlined, so that their stack frames do not add up.
[[gnu::noinline]] Result<void> test_hashes() noexcept {
  constexpr auto kMessage = bytes_from<200>(0x00);  // more than a block of each
  std::array<std::uint8_t, 32 + 200 + 200> all;
  const std::span out(all);
  const View first = View(kMessage).first(71), second = View(kMessage).subspan(71);
  hash(out.first(32), mlkem::kSha3_256, {first, second});
  hash(out.subspan(32, 200), mlkem::kShake128, {first, second});
  hash(out.last(200), mlkem::kShake256, {first, second});
  return require(sha3_256(all) == kHashesHash);
}

template <MlKem set>
struct SetTest {
  using EncapsulationKey = MlKemEncapsulationKey<set>;
  using DecapsulationKey = MlKemDecapsulationKey<set>;
  using Encapsulation = MlKemEncapsulation<set>;
  using Ciphertext = MlKemCiphertext<set>;
  using Expanded = std::array<std::uint8_t, sizes_of(set).decapsulation_key>;

  // The key in its expanded form, and what it gave to others.
  struct Known {
    Expanded expanded;
    Ciphertext sent;
  };

  // Key generation and encapsulation.
  [[gnu::noinline]] static Result<void> test_key(Known& known,
                                                 const DecapsulationKey& key) noexcept {
    constexpr Digest m = bytes_from(0x40);
    const auto& ek = key.encapsulation_key();
    const auto parsed = EncapsulationKey::parse(ek.bytes());
    if (!parsed) return evaluated(parsed.error());
    Seed seed;
    LATCHKEY_TRY(key.export_seed(seed));
    LATCHKEY_TRY(key.export_expanded(known.expanded));
    for (const EncapsulationKey* each : {&ek, &*parsed}) {
      const auto& precomputed = SecretAccess::precomputed(*each)->key;
      if (!std::ranges::equal(precomputed.h, kAnswers<set>.hash) ||
          sha3_256(each->bytes()) != kAnswers<set>.hash) {
        return Error::self_test_failed;
      }
      const auto sent = LATCHKEY_TRY(derand::encapsulate(*each, m));
      LATCHKEY_TRY(expect(sent.secret, kAnswers<set>.secret));
      if (sha3_256(sent.ciphertext) != kAnswers<set>.ciphertext_hash)
        return Error::self_test_failed;
      known.sent = sent.ciphertext;
    }
    if (const auto once = test_encaps_once(ek.bytes()); !once) return evaluated(once.error());
    return require(seed == bytes_from<kSeedSize>(0x00) &&
                   sha3_256(known.expanded) == kAnswers<set>.expanded_hash);
  }

  // Encapsulation to an encoded key that is used once, with m of test_key(). Errors:
  // self_test_failed, not_reduced.
  [[gnu::noinline]] static Result<void> test_encaps_once(View ek) noexcept {
    constexpr auto p = kParameters<set>;
    mlkem::PublicKey<p> pub;
    Ciphertext sent;
    Digest secret;
    const auto found = kem_table<set>().encaps_once(
        sent, secret, pub, ek.first<p.encapsulation_key_size()>(), bytes_from(0x40));
    if (found == mlkem::KeyCheck::not_reduced) return Error::not_reduced;
    return require(found == mlkem::KeyCheck::passed && secret == kAnswers<set>.secret &&
                   sha3_256(sent) == kAnswers<set>.ciphertext_hash);
  }

  // Decapsulation by the key, by the imported one, and by the expanded form at once.
  static Result<void> expect_from_all(const DecapsulationKey& key, const DecapsulationKey& imported,
                                      const Known& known, const Digest& expected) noexcept {
    auto right = expect(key.decapsulate(known.sent), expected);
    if (right) right = expect(imported.decapsulate(known.sent), expected);
    if (right)
      right = expect(decapsulate_with_expanded_key<set>(known.expanded, known.sent), expected);
    return right;
  }

  static Result<DecapsulationKey> import(const Expanded& expanded) noexcept {
    return DecapsulationKey::import_expanded(expanded, ExpandedKeyCheck::hash_only);
  }

  [[gnu::noinline]] static Result<void> test_decapsulation(Known& known,
                                                           const DecapsulationKey& key) noexcept {
    const auto imported = import(known.expanded);
    if (!imported) return evaluated(imported.error());
    Expanded again;
    LATCHKEY_TRY(imported->export_expanded(again));
    Seed seed;
    auto right = require(again == known.expanded);
    if (right) right = expect_refused(imported->export_seed(seed), Error::no_seed);
    if (right) right = expect_from_all(key, *imported, known, kAnswers<set>.secret);
    known.sent.front() ^= 1;
    if (right) right = expect_from_all(key, *imported, known, kAnswers<set>.rejected);
    known.sent.front() ^= 1;
    known.sent.back() ^= 0x80;
    constexpr Digest z = bytes_from(0x20);
    Digest rejected;  // FIPS 203, algorithm 18, step 7
    hash(rejected, mlkem::kShake256, {z, known.sent});
    if (right) right = expect_from_all(key, *imported, known, rejected);
    known.sent.back() ^= 0x80;
    return right;
  }

  // Two coefficients of 12 bits are in three bytes.
  static constexpr std::uint8_t kLow = mlkem::kQ & 0xff;
  static constexpr std::uint8_t kHigh = mlkem::kQ >> 8;

  // The checks of FIPS 203, sections 7.2 and 7.3: of a coefficient q of t_hat, the first or the
  // last, and of the hash.
  [[gnu::noinline]] static Result<void> test_refusals(Known& known) noexcept {
    constexpr std::size_t kEk = kParameters<set>.vector_size(),
                          kLast = 2 * kParameters<set>.vector_size();
    const auto refused = [&](std::size_t at, std::uint8_t low, std::uint8_t high, Error why) {
      std::uint8_t* const bytes = &known.expanded[at];
      const std::uint8_t before[] = {bytes[0], bytes[1]};
      bytes[0] = low;
      bytes[1] = high;
      const auto ek = View(known.expanded).subspan<kEk, sizes_of(set).encapsulation_key>();
      auto right = why == Error::not_reduced ? expect_refused(EncapsulationKey::parse(ek), why)
                                             : Result<void>();
      if (right && why == Error::not_reduced) right = expect_refused(test_encaps_once(ek), why);
      if (right) right = expect_refused(import(known.expanded), why);
      if (right) {
        right = expect_refused(decapsulate_with_expanded_key<set>(known.expanded, known.sent), why);
      }
      std::ranges::copy(before, bytes);
      return right;
    };
    const auto& dk = known.expanded;
    auto right = refused(kEk, kLow, static_cast<std::uint8_t>((dk[kEk + 1] & 0xf0) | kHigh),
                         Error::not_reduced);
    if (right) {
      right = refused(kLast - 2, static_cast<std::uint8_t>((dk[kLast - 2] & 0xf) | kLow << 4),
                      static_cast<std::uint8_t>(mlkem::kQ >> 4), Error::not_reduced);
    }
    constexpr std::size_t kH = kEk + sizes_of(set).encapsulation_key;
    for (const std::size_t at : {kH, kH + mlkem::kSymBytes - 2}) {
      if (right) {
        right = refused(at, dk[at] ^ 1, dk[at + 1] ^ 0x80, Error::hash_mismatch);
      }
    }
    // q - 1 is no reason to refuse.
    known.expanded[kEk] = kLow - 1;
    known.expanded[kEk + 1] = static_cast<std::uint8_t>((dk[kEk + 1] & 0xf0) | kHigh);
    const auto parsed =
        EncapsulationKey::parse(View(dk).subspan<kEk, sizes_of(set).encapsulation_key>());
    if (right && !parsed) right = evaluated(parsed.error());
    return right;
  }

  // The pairwise test refuses a private half that is not the public half's, though the hash is
  // right.
  [[gnu::noinline]] static Result<void> test_pairwise_test(Known& known) noexcept {
    const auto good = DecapsulationKey::import_expanded(known.expanded);
    if (!good) return evaluated(good.error());
    known.expanded.front() ^= 1;
    const auto right =
        expect_refused(DecapsulationKey::import_expanded(known.expanded), Error::inconsistent_key);
    known.expanded.front() ^= 1;
    return right;
  }

  [[gnu::noinline]] static Result<void> test_single_operations() noexcept {
    constexpr Digest d = bytes_from(0x00), z = bytes_from(0x20);
    const auto key = LATCHKEY_TRY(derand::keygen<set>(d, z));
    Known known;
    auto right = test_key(known, key);
    if (right) right = test_decapsulation(known, key);
    if (right) right = test_pairwise_test(known);
    if (right) right = test_refusals(known);
    return right;
  }

  // ---- Batches: the answers of single operations, which are known to be right, with other inputs
  // in each lane.

  static constexpr std::size_t kSize = 5;  // four that go together, and one left over
  using Keys = std::array<DecapsulationKey, kSize>;
  using Sent = std::array<Encapsulation, kSize>;

  // One of them changed in any place gives a rejection.
  static Result<void> test_decapsulate_batch(const Keys& ours, const Keys& theirs, const Sent& sent,
                                             std::size_t changed) noexcept {
    std::array<const DecapsulationKey*, kSize> secret;
    std::array<Ciphertext, kSize> ciphertexts;
    for (std::size_t i = 0; i < kSize; ++i) {
      secret[i] = &ours[i];
      ciphertexts[i] = sent[i].ciphertext;
      if (i % 2 == changed) ciphertexts[i][i] ^= 1;
    }
    std::array<SharedSecret, kSize> opened;
    LATCHKEY_TRY(decapsulate_batch<set>(secret, ciphertexts, opened));
    for (std::size_t i = 0; i < kSize; ++i) {
      const auto single = LATCHKEY_TRY(theirs[i].decapsulate(ciphertexts[i]));
      if (const auto same = agree(opened[i], single); !same) return same;
    }
    return {};
  }

  static Result<void> expect_same(const DecapsulationKey& ours, const DecapsulationKey& theirs,
                                  const Seed& seed) noexcept {
    const auto& ek = ours.encapsulation_key();
    Seed exported;
    LATCHKEY_TRY(ours.export_seed(exported));
    return require(
        std::ranges::equal(ek.bytes(), theirs.encapsulation_key().bytes()) &&
        std::ranges::equal(SecretAccess::precomputed(ek)->key.h,
                           SecretAccess::precomputed(theirs.encapsulation_key())->key.h) &&
        exported == seed);
  }

  [[gnu::noinline]] static Result<void> test_batches() noexcept {
    std::array<Seed, kSize> seeds;
    std::array<Digest, kSize> ms;
    Keys keys, singles;
    std::array<const EncapsulationKey*, kSize> pub;
    for (std::size_t i = 0; i < kSize; ++i) {
      seeds[i] = bytes_from<kSeedSize>(static_cast<std::uint8_t>(i));
      ms[i] = bytes_from(static_cast<std::uint8_t>(0x40 + i));
      auto single = LATCHKEY_TRY(DecapsulationKey::from_seed(seeds[i]));
      singles[i] = std::move(single);
      pub[i] = &keys[i].encapsulation_key();
    }
    LATCHKEY_TRY(derand::generate_batch<set>(seeds, keys));
    Sent sent;
    LATCHKEY_TRY(derand::encapsulate_batch<set>(pub, ms, sent));
    for (std::size_t i = 0; i < kSize; ++i) {
      LATCHKEY_TRY(expect_same(keys[i], singles[i], seeds[i]));
      const auto single = LATCHKEY_TRY(derand::encapsulate(singles[i].encapsulation_key(), ms[i]));
      LATCHKEY_TRY(agree(sent[i].secret, single.secret));
      if (sent[i].ciphertext != single.ciphertext) return Error::self_test_failed;
    }
    for (std::size_t changed = 0; changed < 2; ++changed) {
      const auto right = test_decapsulate_batch(keys, singles, sent, changed);
      if (!right) return right;
    }
    return {};
  }
};

}  // namespace

template <MlKem set>
Result<void> self_test() noexcept {
  LATCHKEY_TRY(test_hashes());
  LATCHKEY_TRY(SetTest<set>::test_single_operations());
  return SetTest<set>::test_batches();
}

template Result<void> self_test<MlKem::k512>() noexcept;
template Result<void> self_test<MlKem::k768>() noexcept;
template Result<void> self_test<MlKem::k1024>() noexcept;

}  // namespace latchkey
