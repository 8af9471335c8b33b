// HKDF-SHA256 (RFC 5869), on libcrypto's HMAC: its own HKDF takes no more than 32 KiB of info, and
// gives the salt back to the heap as it is.
#pragma once

#include <initializer_list>

#include "latchkey/secret_memory.hpp"

namespace latchkey::seal {

using View = std::span<const std::uint8_t>;
using Parts = std::initializer_list<View>;

inline constexpr std::size_t kSha256Size = 32;

// The parts one behind the other. Errors: those on memory.
[[nodiscard]] Result<LockedBuffer> joined(Parts parts) noexcept;

// HMAC-SHA256 (RFC 2104). `out` is zeroed on error. Errors: crypto_failed.
[[nodiscard]] Result<void> hmac_sha256(std::span<std::uint8_t, kSha256Size> out, View key,
                                       View input) noexcept;

// The input is that of the parts together. `out` is zeroed on error. Errors: crypto_failed, and
// those on memory.
[[nodiscard]] Result<void> hkdf_extract(std::span<std::uint8_t, kSha256Size> out, View salt,
                                        Parts input) noexcept;
// Up to 255 * 32 bytes.
[[nodiscard]] Result<void> hkdf_expand(std::span<std::uint8_t> out, View key, Parts info) noexcept;

}  // namespace latchkey::seal
