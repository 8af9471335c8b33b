// A public key in DER: SubjectPublicKeyInfo (RFC 5280, section 4.1).
#pragma once

#include <span>

#include "keyfile/algorithms.hpp"
#include "latchkey/result.hpp"

namespace latchkey::keyfile {

struct PublicKeyInfo {
  Algorithm algorithm;
  std::span<const std::uint8_t> key;  // the content of the BIT STRING, of whatever size
};

// What `der` says; the view is a part of it. Errors: not_a_key, if this is no public key;
// other_algorithm; not_canonical, if it is not DER.
[[nodiscard]] Result<PublicKeyInfo> parse_public_key_info(
    std::span<const std::uint8_t> der) noexcept;

}  // namespace latchkey::keyfile
