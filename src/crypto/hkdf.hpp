// HKDF (RFC 5869) with SHA-256 or SHA-384, on libcrypto's HMAC: its own HKDF takes at most 32 KiB
// of info, and frees the salt unwiped. Inputs come in parts and are not copied, so public data of
// any size needs no locked memory.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "base/bytes.hpp"
#include "crypto/sha256.hpp"
#include "latchkey/result.hpp"

namespace latchkey::crypto {

// The hashes of FIPS 180-4 that HKDF runs on here.
enum class Hash : std::uint8_t { sha256, sha384 };

// The size of a digest in bytes.
template <Hash hash>
inline constexpr std::size_t kDigestSize = hash == Hash::sha256 ? kSha256Size : 48;

// The input of each is that of the parts together. `out` is zeroed on error. Errors: crypto_failed.

// HMAC (RFC 2104). The key has at least one byte.
template <Hash hash>
[[nodiscard]] Result<void> hmac(std::span<std::uint8_t, kDigestSize<hash>> out, View key,
                                Parts input) noexcept;
[[nodiscard]] inline Result<void> hmac_sha256(std::span<std::uint8_t, kSha256Size> out, View key,
                                              Parts input) noexcept {
  return hmac<Hash::sha256>(out, key, input);
}

// Section 2.2. An empty salt means "not provided": then the salt is a digest of zeros.
template <Hash hash = Hash::sha256>
[[nodiscard]] Result<void> hkdf_extract(std::span<std::uint8_t, kDigestSize<hash>> out, View salt,
                                        Parts input) noexcept;
// Section 2.3. Up to 255 digests.
template <Hash hash = Hash::sha256>
[[nodiscard]] Result<void> hkdf_expand(std::span<std::uint8_t> out, View key, Parts info) noexcept;

}  // namespace latchkey::crypto
