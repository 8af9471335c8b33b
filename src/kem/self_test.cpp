// Known answers, for a user who wants to know that this build works on this machine.

#include <algorithm>

#include "base/secrecy.hpp"
#include "kem/prepared.hpp"
#include "latchkey/derand.hpp"

namespace latchkey {
namespace {

using Digest = std::array<std::uint8_t, 32>;

// d = 00 01 .. 1f, z = 20 21 .. 3f, m = 40 41 .. 5f.
constexpr Digest bytes_from(std::uint8_t first) {
  Digest bytes{};
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

bool equals(const SharedSecret& secret, const Digest& expected) noexcept {
  const OpenSecrets open;
  const auto bytes = secret.expose();
  return bytes && std::ranges::equal(*bytes, expected);
}
bool equals(const Result<SharedSecret>& secret, const Digest& expected) noexcept {
  return secret && equals(*secret, expected);
}

}  // namespace

Result<void> self_test() noexcept {
  constexpr Digest d = bytes_from(0x00), z = bytes_from(0x20), m = bytes_from(0x40);
  const auto key = derand::keygen(d, z);
  if (!key) return key.error();
  const auto& ek = key->encapsulation_key();
  const auto parsed = EncapsulationKey::parse(ek.bytes());
  if (!parsed)
    return parsed.error() == Error::no_memory ? Error::no_memory : Error::self_test_failed;
  auto sent = derand::encapsulate(*parsed, m);
  if (!sent) return sent.error();
  std::array<std::uint8_t, kDecapsulationKeySize> expanded;
  if (const auto exported = key->export_expanded(expanded); !exported) return exported.error();

  bool passed = std::ranges::equal(SecretAccess::prepared(ek)->key.h, kHash) &&
                std::ranges::equal(SecretAccess::prepared(*parsed)->key.h, kHash) &&
                equals(sent->secret, kSecret);
  passed = passed && equals(key->decapsulate(sent->ciphertext), kSecret) &&
           equals(decapsulate_with_expanded_key(expanded, sent->ciphertext), kSecret);
  sent->ciphertext[0] ^= 1;
  passed = passed && equals(key->decapsulate(sent->ciphertext), kRejected) &&
           equals(decapsulate_with_expanded_key(expanded, sent->ciphertext), kRejected);
  if (!passed) return Error::self_test_failed;
  return {};
}

}  // namespace latchkey
