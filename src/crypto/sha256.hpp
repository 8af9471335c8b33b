// SHA-256 of what is public, by libcrypto.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "latchkey/result.hpp"

namespace latchkey::crypto {

inline constexpr std::size_t kSha256Size = 32;  // bytes

// FIPS 180-4. `out` is zeroed on error. Errors: no_memory, crypto_failed.
[[nodiscard]] Result<void> sha256(std::span<std::uint8_t, kSha256Size> out,
                                  std::span<const std::uint8_t> input) noexcept;

}  // namespace latchkey::crypto
