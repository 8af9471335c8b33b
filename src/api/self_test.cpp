// Calls each function of the backend's table. Every byte that a function writes is compared with a
// known answer: directly, through a hash, or through the output of another function.

#include "api/self_test.hpp"

#include <algorithm>

#include "api/access.hpp"
#include "api/hash.hpp"
#include "api/shared_secret.hpp"
#include "base/bytes.hpp"
#include "base/try.hpp"
#include "latchkey/derand.hpp"

namespace latchkey {
namespace {

using Digest = std::array<std::uint8_t, 32>;
using Seed = std::array<std::uint8_t, kSeedSize>;
using Expanded = std::array<std::uint8_t, kDecapsulationKeySize>;

// d = 00 01 .. 1f, z = 20 21 .. 3f, m = 40 41 .. 5f.
template <std::size_t Size = 32>
constexpr std::array<std::uint8_t, Size> bytes_from(std::uint8_t first) {
  std::array<std::uint8_t, Size> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
  return bytes;
}

// H(ek); SHA3-256 of the expanded key and of the ciphertext; K; and K_bar for a ciphertext whose
// first byte has its lowest bit flipped.
constexpr Digest kHash = {0xa2, 0x4e, 0x16, 0xd8, 0xf8, 0xf9, 0x38, 0x3a, 0x95, 0xb7, 0x70,
                          0x50, 0xf4, 0xd9, 0xfd, 0x2f, 0x57, 0x33, 0xee, 0xc1, 0xd6, 0x3e,
                          0xf3, 0xc2, 0x3e, 0xbf, 0x99, 0x18, 0x17, 0x36, 0x69, 0xa7};
constexpr Digest kExpandedHash = {0x11, 0x49, 0xf1, 0x7c, 0x3c, 0x4a, 0xc6, 0xab, 0x1e, 0x3e, 0x2d,
                                  0x9d, 0x8b, 0xd0, 0x17, 0x13, 0x55, 0xac, 0x0f, 0xa3, 0x1b, 0xb8,
                                  0x85, 0x5c, 0x48, 0xce, 0xad, 0xe8, 0x74, 0xc0, 0x86, 0x4b};
constexpr Digest kCiphertextHash = {
    0xb4, 0xcf, 0xbd, 0x24, 0xce, 0xf6, 0x7a, 0xfd, 0x37, 0x64, 0x27, 0x6c, 0x69, 0x80, 0xe0, 0xf8,
    0x8f, 0x8e, 0x9c, 0xa5, 0x7f, 0x59, 0xb7, 0xf1, 0x2f, 0xe1, 0xa9, 0xc1, 0xe7, 0x2f, 0x47, 0x10};
constexpr Digest kSecret = {0x9c, 0xdd, 0xd0, 0x89, 0xff, 0xe7, 0x0e, 0x39, 0x96, 0xe7, 0x6f,
                            0x7c, 0x8d, 0x06, 0x74, 0x6d, 0xf3, 0x4d, 0x07, 0xe8, 0x65, 0x7b,
                            0xc0, 0xfc, 0xf2, 0xbb, 0x0e, 0x1c, 0x30, 0x84, 0xae, 0xa1};
constexpr Digest kRejected = {0xdc, 0xfc, 0x80, 0xc6, 0xdb, 0x46, 0xff, 0x70, 0x28, 0xe3, 0xa4,
                              0x39, 0x86, 0x51, 0xc0, 0x63, 0xae, 0x7a, 0x42, 0xc1, 0x07, 0xa6,
                              0xdc, 0x8c, 0xb0, 0x71, 0x41, 0x86, 0x16, 0x98, 0xab, 0x92};
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

// The key in its expanded form, and what it gave to others.
struct Known {
  Expanded expanded;
  Ciphertext sent;
};

// Key generation and encapsulation.
[[gnu::noinline]] Result<void> test_key(Known& known, const DecapsulationKey& key) noexcept {
  constexpr Digest m = bytes_from(0x40);
  const auto& ek = key.encapsulation_key();
  const auto parsed = EncapsulationKey::parse(ek.bytes());
  if (!parsed) return evaluated(parsed.error());
  Seed seed;
  LATCHKEY_TRY(key.export_seed(seed));
  LATCHKEY_TRY(key.export_expanded(known.expanded));
  for (const EncapsulationKey* each : {&ek, &*parsed}) {
    const auto& precomputed = SecretAccess::precomputed(*each)->key;
    if (!std::ranges::equal(precomputed.h, kHash) || sha3_256(each->bytes()) != kHash) {
      return Error::self_test_failed;
    }
    const auto sent = LATCHKEY_TRY(derand::encapsulate(*each, m));
    LATCHKEY_TRY(expect(sent.secret, kSecret));
    if (sha3_256(sent.ciphertext) != kCiphertextHash) return Error::self_test_failed;
    known.sent = sent.ciphertext;
  }
  return require(seed == bytes_from<kSeedSize>(0x00) && sha3_256(known.expanded) == kExpandedHash);
}

// Decapsulation by the key, by the imported one, and by the expanded form at once.
Result<void> expect_from_all(const DecapsulationKey& key, const DecapsulationKey& imported,
                             const Known& known, const Digest& expected) noexcept {
  auto right = expect(key.decapsulate(known.sent), expected);
  if (right) right = expect(imported.decapsulate(known.sent), expected);
  if (right) right = expect(decapsulate_with_expanded_key(known.expanded, known.sent), expected);
  return right;
}

Result<DecapsulationKey> import(const Expanded& expanded) noexcept {
  return DecapsulationKey::import_expanded(expanded, ExpandedKeyCheck::hash_only);
}

[[gnu::noinline]] Result<void> test_decapsulation(Known& known,
                                                  const DecapsulationKey& key) noexcept {
  const auto imported = import(known.expanded);
  if (!imported) return evaluated(imported.error());
  Expanded again;
  LATCHKEY_TRY(imported->export_expanded(again));
  Seed seed;
  auto right = require(again == known.expanded);
  if (right) right = expect_refused(imported->export_seed(seed), Error::no_seed);
  if (right) right = expect_from_all(key, *imported, known, kSecret);
  known.sent.front() ^= 1;
  if (right) right = expect_from_all(key, *imported, known, kRejected);
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
constexpr std::uint8_t kLow = mlkem::kQ & 0xff;
constexpr std::uint8_t kHigh = mlkem::kQ >> 8;

// The checks of FIPS 203, sections 7.2 and 7.3: of a coefficient q of t_hat, the first or the last,
// and of the hash.
[[gnu::noinline]] Result<void> test_refusals(Known& known) noexcept {
  constexpr std::size_t kEk = mlkem::kVectorSize, kLast = 2 * mlkem::kVectorSize;
  const auto refused = [&](std::size_t at, std::uint8_t low, std::uint8_t high, Error why) {
    std::uint8_t* const bytes = &known.expanded[at];
    const std::uint8_t before[] = {bytes[0], bytes[1]};
    bytes[0] = low;
    bytes[1] = high;
    const auto ek = View(known.expanded).subspan<kEk, kEncapsulationKeySize>();
    auto right = why == Error::not_reduced ? expect_refused(EncapsulationKey::parse(ek), why)
                                           : Result<void>();
    if (right) right = expect_refused(import(known.expanded), why);
    if (right) {
      right = expect_refused(decapsulate_with_expanded_key(known.expanded, known.sent), why);
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
  constexpr std::size_t kH = kEk + kEncapsulationKeySize;
  for (const std::size_t at : {kH, kH + mlkem::kSymBytes - 2}) {
    if (right) {
      right = refused(at, dk[at] ^ 1, dk[at + 1] ^ 0x80, Error::hash_mismatch);
    }
  }
  // q - 1 is no reason to refuse.
  known.expanded[kEk] = kLow - 1;
  known.expanded[kEk + 1] = static_cast<std::uint8_t>((dk[kEk + 1] & 0xf0) | kHigh);
  const auto parsed = EncapsulationKey::parse(View(dk).subspan<kEk, kEncapsulationKeySize>());
  if (right && !parsed) right = evaluated(parsed.error());
  return right;
}

// The pairwise test refuses a private half that is not the public half's, though the hash is right.
[[gnu::noinline]] Result<void> test_pairwise_test(Known& known) noexcept {
  const auto good = DecapsulationKey::import_expanded(known.expanded);
  if (!good) return evaluated(good.error());
  known.expanded.front() ^= 1;
  const auto right =
      expect_refused(DecapsulationKey::import_expanded(known.expanded), Error::inconsistent_key);
  known.expanded.front() ^= 1;
  return right;
}

[[gnu::noinline]] Result<void> test_single_operations() noexcept {
  constexpr Digest d = bytes_from(0x00), z = bytes_from(0x20);
  const auto key = LATCHKEY_TRY(derand::keygen(d, z));
  Known known;
  auto right = test_key(known, key);
  if (right) right = test_decapsulation(known, key);
  if (right) right = test_pairwise_test(known);
  if (right) right = test_refusals(known);
  return right;
}

// ---- Batches: the answers of single operations, which are known to be right, with other inputs in
// each lane.

constexpr std::size_t kSize = 5;  // four that go together, and one left over
using Keys = std::array<DecapsulationKey, kSize>;
using Sent = std::array<Encapsulation, kSize>;

// One of them changed in any place gives a rejection.
Result<void> test_decapsulate_batch(const Keys& ours, const Keys& theirs, const Sent& sent,
                                    std::size_t changed) noexcept {
  std::array<const DecapsulationKey*, kSize> secret;
  std::array<Ciphertext, kSize> ciphertexts;
  for (std::size_t i = 0; i < kSize; ++i) {
    secret[i] = &ours[i];
    ciphertexts[i] = sent[i].ciphertext;
    if (i % 2 == changed) ciphertexts[i][i] ^= 1;
  }
  std::array<SharedSecret, kSize> opened;
  LATCHKEY_TRY(decapsulate_batch(secret, ciphertexts, opened));
  for (std::size_t i = 0; i < kSize; ++i) {
    const auto single = LATCHKEY_TRY(theirs[i].decapsulate(ciphertexts[i]));
    if (const auto same = agree(opened[i], single); !same) return same;
  }
  return {};
}

Result<void> expect_same(const DecapsulationKey& ours, const DecapsulationKey& theirs,
                         const Seed& seed) noexcept {
  const auto& ek = ours.encapsulation_key();
  Seed exported;
  LATCHKEY_TRY(ours.export_seed(exported));
  return require(std::ranges::equal(ek.bytes(), theirs.encapsulation_key().bytes()) &&
                 std::ranges::equal(SecretAccess::precomputed(ek)->key.h,
                                    SecretAccess::precomputed(theirs.encapsulation_key())->key.h) &&
                 exported == seed);
}

[[gnu::noinline]] Result<void> test_batches() noexcept {
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
  LATCHKEY_TRY(derand::generate_batch(seeds, keys));
  Sent sent;
  LATCHKEY_TRY(derand::encapsulate_batch(pub, ms, sent));
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

}  // namespace

Result<void> mlkem_self_test() noexcept {
  LATCHKEY_TRY(test_hashes());
  LATCHKEY_TRY(test_single_operations());
  return test_batches();
}

}  // namespace latchkey
