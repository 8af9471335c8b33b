// Ciphertexts of ChaCha20-Poly1305 that open under two keys: Poly1305 is a polynomial, and whoever
// knows both keys solves one linear equation for one block; and aads that have one tag. (Len,
// Grubbs, Ristenpart, "Partitioning Oracle Attacks", USENIX Security 2021, have the same for GCM.)
#pragma once

#include <optional>

#include "seal/plain_container.hpp"

namespace latchkey::test {

// What one call of the AEAD works with.
struct AeadCall {
  Octets key, nonce, aad;
};

// The first call of a context that was set up for ChaCha20-Poly1305.
AeadCall first_call(const hpke::internal::Context& context, OctetView aad);

// The key stream of the message, behind the block that makes Poly1305's key.
Octets keystream(const AeadCall& call, std::size_t size);

// ciphertext || block || tag, which is authentic in both calls. `ciphertext` is of whole blocks of
// 16 bytes. None in two of three cases: another ciphertext may do.
std::optional<Octets> two_faced(const AeadCall& first, const AeadCall& second,
                                OctetView ciphertext);

// The same with a content that begins with `says_first` in the first call and has `says_second`, at
// offset second_at(), in the second.
Octets two_faced_texts(const AeadCall& first, const AeadCall& second, std::string_view says_first,
                       std::string_view says_second);
[[nodiscard]] constexpr std::size_t second_at(std::string_view says_first) noexcept {
  return (says_first.size() + 15) / 16 * 16;
}
// How long it is, with the tag.
[[nodiscard]] constexpr std::size_t two_faced_size(std::string_view says_first,
                                                   std::string_view says_second) noexcept {
  return second_at(says_first) + second_at(says_second) + 3 * 16;
}

// Another aad for the call: that from offset `before` on it begins with `says`, ends with 16 bytes
// that are computed, and has the same tags, whatever the ciphertext. All of call.aad is in whole
// blocks, and holds one block and a byte behind `before` and `says`.
Octets other_aad(const AeadCall& call, std::size_t before, std::string_view says);

}  // namespace latchkey::test
