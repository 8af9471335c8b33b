// Diffie-Hellman on P-256 and P-384 (SP 800-186, sections 3.2.1.3 and 3.2.1.4), by libcrypto.
//
// The arithmetic is that of ECDH in libcrypto's default provider. If a policy forbids this
// algorithm, a FIPS policy included, every function gives crypto_policy. The calls are below EVP,
// because EVP cannot compute a public key from a private one, and leaves a scalar on the heap
// (nist_curve.cpp says where).
//
// All functions are thread-safe.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "latchkey/result.hpp"

namespace latchkey::crypto {

enum class Curve : std::uint8_t { p256, p384 };

// Sizes in bytes. A scalar, and the x of a point, is a big-endian number of full length.
[[nodiscard]] constexpr std::size_t scalar_size(Curve curve) noexcept {
  return curve == Curve::p256 ? 32 : 48;
}
// 0x04 || x || y: the uncompressed form of SEC 1, section 2.3.3.
[[nodiscard]] constexpr std::size_t point_size(Curve curve) noexcept {
  return 1 + 2 * scalar_size(curve);
}

// Whether a scalar has the curve's size and is in 1, ..., n - 1, where n is the order.
// Constant-time but for the answer.
[[nodiscard]] bool is_valid_scalar(Curve curve, View scalar) noexcept;

// Whether a public key, which is no secret, is an uncompressed point of the curve. Errors:
// bad_point, unless it is; crypto_policy, crypto_failed, no_memory.
[[nodiscard]] Result<void> nist_check_point_vartime(Curve curve, View point) noexcept;

// The public key of a scalar, as an uncompressed point. `out` is zeroed on error. Errors:
// bad_scalar, unless is_valid_scalar(); wrong_size, unless out has point_size(curve) bytes;
// crypto_policy, crypto_failed, no_memory.
[[nodiscard]] Result<void> nist_public_key(Curve curve, View scalar,
                                           std::span<std::uint8_t> out) noexcept;

// The shared secret of a scalar and a peer's public key: the x of their product (SP 800-56A,
// section 5.7.1.2). `out` is zeroed on error. Errors: bad_point, unless the peer's is an
// uncompressed point of the curve; bad_scalar, unless is_valid_scalar(); wrong_size, unless out
// has scalar_size(curve) bytes; crypto_policy, crypto_failed, no_memory.
[[nodiscard]] Result<void> nist_shared_secret(Curve curve, View scalar, View peer_point,
                                              std::span<std::uint8_t> out) noexcept;

}  // namespace latchkey::crypto
