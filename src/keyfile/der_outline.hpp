// What a key in DER is, by its outline, for people: the kind of key and whose algorithm, where it
// is in none of the forms that are read (der.hpp). No byte of the key itself is looked at.
#pragma once

#include <span>

#include "latchkey/key_file.hpp"

namespace latchkey::keyfile {

struct Outline {
  KeyFileKind kind = KeyFileKind::none;
  bool is_ours = false;  // the algorithm is one of ours (algorithms.hpp); never, under a password
};

// Of SubjectPublicKeyInfo (RFC 5280, section 4.1), PrivateKeyInfo and EncryptedPrivateKeyInfo
// (RFC 5958, sections 2 and 3). All of it has to be there; more may follow, and lengths may take
// more octets than they need.
[[nodiscard]] Outline outline_of(std::span<const std::uint8_t> bytes) noexcept;

// Why bytes that are in none of the forms that are read are no key of the wanted kind: not_a_key,
// other_algorithm, or not_canonical.
[[nodiscard]] Error reason_of(std::span<const std::uint8_t> bytes, KeyFileKind wanted) noexcept;

}  // namespace latchkey::keyfile
