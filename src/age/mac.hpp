// The MAC of a header: HMAC-SHA256 under HKDF(file key, "header").
#pragma once

#include "age/header.hpp"

namespace latchkey::age::internal {

// `mac` is zeroed on error. Errors: crypto_failed, those on memory.
[[nodiscard]] Result<void> compute_mac(std::span<std::uint8_t, kMacSize> mac,
                                       const LockedBuffer& file_key, View authenticated) noexcept;

// Compares in constant time. Errors: not_authentic, crypto_failed, those on memory.
[[nodiscard]] Result<void> check_mac(const Header& header, const LockedBuffer& file_key) noexcept;

}  // namespace latchkey::age::internal
