// Known answers, for a user who wants to know that this build works on this machine.

#include <algorithm>

#include "kem/prepared.hpp"
#include "latchkey/derand.hpp"

namespace latchkey {
namespace {

using Digest = std::array<std::uint8_t, 32>;

// d = 00 01 .. 1f, z = 20 21 .. 3f, m = 40 41 .. 5f.
template <std::size_t Size = 32>
constexpr std::array<std::uint8_t, Size> bytes_from(std::uint8_t first) {
  std::array<std::uint8_t, Size> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
  return bytes;
}

// H(ek), K, and the secret for a ciphertext whose first byte has its lowest bit flipped. The last
// is a hash of the rest of the ciphertext, so these three cover all outputs.
constexpr Digest kHash = {0xa2, 0x4e, 0x16, 0xd8, 0xf8, 0xf9, 0x38, 0x3a, 0x95, 0xb7, 0x70,
                          0x50, 0xf4, 0xd9, 0xfd, 0x2f, 0x57, 0x33, 0xee, 0xc1, 0xd6, 0x3e,
                          0xf3, 0xc2, 0x3e, 0xbf, 0x99, 0x18, 0x17, 0x36, 0x69, 0xa7};
constexpr Digest kSecret = {0x9c, 0xdd, 0xd0, 0x89, 0xff, 0xe7, 0x0e, 0x39, 0x96, 0xe7, 0x6f,
                            0x7c, 0x8d, 0x06, 0x74, 0x6d, 0xf3, 0x4d, 0x07, 0xe8, 0x65, 0x7b,
                            0xc0, 0xfc, 0xf2, 0xbb, 0x0e, 0x1c, 0x30, 0x84, 0xae, 0xa1};
constexpr Digest kRejected = {0xdc, 0xfc, 0x80, 0xc6, 0xdb, 0x46, 0xff, 0x70, 0x28, 0xe3, 0xa4,
                              0x39, 0x86, 0x51, 0xc0, 0x63, 0xae, 0x7a, 0x42, 0xc1, 0x07, 0xa6,
                              0xdc, 0x8c, 0xb0, 0x71, 0x41, 0x86, 0x16, 0x98, 0xab, 0x92};

// Errors: self_test_failed, if it is another secret; purged.
Result<void> expect(const SharedSecret& secret, const Digest& expected) noexcept {
  const OpenSecrets open;
  const auto bytes = secret.expose();
  if (!bytes) return bytes.error();
  const bool same = std::ranges::equal(*bytes, expected);
  if (const auto still = SecretAccess::check_after_use(secret); !still) return still.error();
  if (!same) return Error::self_test_failed;
  return {};
}

// To refuse the keys of this test is a wrong answer, too.
Error judged(Error error) noexcept {
  const bool refused = error == Error::not_reduced || error == Error::hash_mismatch;
  return refused ? Error::self_test_failed : error;
}
Result<void> expect(const Result<SharedSecret>& secret, const Digest& expected) noexcept {
  if (!secret) return judged(secret.error());
  return expect(*secret, expected);
}

bool has_known_hash(const EncapsulationKey& key) noexcept {
  return std::ranges::equal(SecretAccess::prepared(key)->key.h, kHash);
}

// Not inlined, nor is the other: their stacks shall not add up.
[[gnu::noinline]] Result<void> test_single_operations() noexcept {
  constexpr Digest d = bytes_from(0x00), z = bytes_from(0x20), m = bytes_from(0x40);
  const auto key = derand::keygen(d, z);
  if (!key) return key.error();
  const auto& ek = key->encapsulation_key();
  const auto parsed = EncapsulationKey::parse(ek.bytes());
  if (!parsed) return judged(parsed.error());
  auto sent = derand::encapsulate(*parsed, m);
  if (!sent) return sent.error();
  std::array<std::uint8_t, kDecapsulationKeySize> expanded;
  if (const auto exported = key->export_expanded(expanded); !exported) return exported.error();

  if (!has_known_hash(ek) || !has_known_hash(*parsed)) return Error::self_test_failed;
  auto passed = expect(sent->secret, kSecret);
  if (passed) passed = expect(key->decapsulate(sent->ciphertext), kSecret);
  if (passed) passed = expect(decapsulate_with_expanded_key(expanded, sent->ciphertext), kSecret);
  sent->ciphertext[0] ^= 1;
  if (passed) passed = expect(key->decapsulate(sent->ciphertext), kRejected);
  if (passed) passed = expect(decapsulate_with_expanded_key(expanded, sent->ciphertext), kRejected);
  return passed;
}

// The same answers in each lane, but for the changed ciphertexts in every other one.
[[gnu::noinline]] Result<void> test_batches() noexcept {
  constexpr std::size_t kSize = 5;  // four that go together, and one left over
  std::array<std::array<std::uint8_t, kSeedSize>, kSize> seeds;
  seeds.fill(bytes_from<kSeedSize>(0x00));
  std::array<DecapsulationKey, kSize> keys;
  if (const auto made = derand::generate_batch(seeds, keys); !made) return made.error();

  std::array<const EncapsulationKey*, kSize> pub;
  std::array<const DecapsulationKey*, kSize> secret;
  for (std::size_t i = 0; i < kSize; ++i) {
    pub[i] = &keys[i].encapsulation_key();
    secret[i] = &keys[i];
  }
  std::array<Digest, kSize> ms;
  ms.fill(bytes_from(0x40));
  std::array<Encapsulation, kSize> sent;
  if (const auto done = derand::encapsulate_batch(pub, ms, sent); !done) return done.error();

  std::array<Ciphertext, kSize> ciphertexts;
  for (std::size_t i = 0; i < kSize; ++i) {
    ciphertexts[i] = sent[i].ciphertext;
    if (i % 2 != 0) ciphertexts[i][0] ^= 1;
  }
  std::array<SharedSecret, kSize> opened;
  if (const auto done = decapsulate_batch(secret, ciphertexts, opened); !done) return done.error();

  for (std::size_t i = 0; i < kSize; ++i) {
    if (!has_known_hash(*pub[i])) return Error::self_test_failed;
    auto passed = expect(sent[i].secret, kSecret);
    if (passed) passed = expect(opened[i], i % 2 == 0 ? kSecret : kRejected);
    if (!passed) return passed;
  }
  return {};
}

}  // namespace

Result<void> self_test() noexcept {
  if (const auto passed = test_single_operations(); !passed) return passed;
  return test_batches();
}

}  // namespace latchkey
