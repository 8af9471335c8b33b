// A private key in DER: OneAsymmetricKey (RFC 5958, section 2), of which PrivateKeyInfo (RFC 5208)
// is version 1.
#pragma once

#include <optional>

#include "keyfile/algorithms.hpp"
#include "latchkey/key_file.hpp"

namespace latchkey::keyfile {

struct PrivateKeyInfo {
  Algorithm algorithm;
  std::span<const std::uint8_t> key;                        // the content of the OCTET STRING
  std::optional<std::span<const std::uint8_t>> public_key;  // version 2 has one
};

// What `der` says; the views are parts of it. Attributes have to be well-formed and are skipped.
// Errors: not_a_key, if this is no private key; other_algorithm; not_canonical, if it is not DER or
// not what RFC 5958 asks for; public_key_forbidden, for X-Wing.
[[nodiscard]] Result<PrivateKeyInfo> parse_private_key_info(
    std::span<const std::uint8_t> der) noexcept;

}  // namespace latchkey::keyfile
