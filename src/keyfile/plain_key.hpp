// The private key in a DER object that is not encrypted.
#pragma once

#include "latchkey/key_file.hpp"

namespace latchkey::keyfile {

// Reads a private key: of ML-KEM in each of the three forms of RFC 9935, section 6, or as a bare
// seed; of X-Wing as its 32 bytes. Errors: those of read_private_key() that are not about passwords
// or PEM.
[[nodiscard]] Result<AnyDecapsulationKey> read_plain_key(
    std::span<const std::uint8_t> der) noexcept;

}  // namespace latchkey::keyfile
