// HKDF-SHA256 (RFC 5869), on libcrypto's HMAC: its own HKDF takes no more than 32 KiB of info, and
// gives the salt back to the heap as it is. Inputs come in parts and are copied nowhere, so that
// public data of any size needs no locked memory.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "base/bytes.hpp"
#include "crypto/sha256.hpp"
#include "latchkey/result.hpp"

namespace latchkey::crypto {

// The input of each is that of the parts together. `out` is zeroed on error. Errors: crypto_failed.

// HMAC-SHA256 (RFC 2104). The key has at least one byte.
[[nodiscard]] Result<void> hmac_sha256(std::span<std::uint8_t, kSha256Size> out, View key,
                                       Parts input) noexcept;

// Section 2.2. An empty salt stands for "not provided": the section then uses 32 zero bytes.
[[nodiscard]] Result<void> hkdf_extract(std::span<std::uint8_t, kSha256Size> out, View salt,
                                        Parts input) noexcept;
// Section 2.3. Up to 255 * 32 bytes.
[[nodiscard]] Result<void> hkdf_expand(std::span<std::uint8_t> out, View key, Parts info) noexcept;

}  // namespace latchkey::crypto
