// How a password becomes a key, by libcrypto: scrypt (RFC 7914) and PBKDF2 (RFC 8018, section 5.2),
// with bounds on every number that a file can ask for.
//
// The bounds for key files and for files of age are declared only here. They are chosen so that no
// file costs more than 5 s and 300 MiB; tests/keyfile/password_cost_test.cpp measures the most
// expensive ones.
#pragma once

#include <cstdint>
#include <span>

#include "latchkey/result.hpp"

namespace latchkey::crypto {

// In bytes. Both hashes hash the salt again for each block of their output.
inline constexpr std::size_t kMaxSaltSize = 1'024;

// ---- scrypt

// RFC 7914, section 2: N, a power of two; the block size r; the parallelization p.
struct ScryptCost {
  std::uint64_t n, r, p;
};

// In bytes, as libcrypto counts them: 128 r (N + p + 2). Enough for N = 2^18 and r = 8, the most
// that `age -p` writes.
inline constexpr std::uint64_t kMaxScryptMemory = std::uint64_t{257} << 20;
// N r p, which the time is proportional to: what N = 2^18, r = 8 and p = 1 need, 1 to 2 s.
inline constexpr std::uint64_t kMaxScryptWork = std::uint64_t{1} << 21;
// r p: PBKDF2 makes 4 r p blocks before the work proper.
inline constexpr std::uint64_t kMaxScryptBlocks = std::uint64_t{1} << 14;

// Whether these numbers are scrypt's and affordable. Errors: unknown_version, if they are not
// scrypt's; too_costly.
[[nodiscard]] Result<void> check_scrypt(ScryptCost cost, std::size_t salt_size) noexcept;

// scrypt(password, salt, N, r, p, key.size()). `key` is zeroed on error. To be called within
// cleanly(). Errors: those of check_scrypt(); no_memory, crypto_failed.
[[nodiscard]] Result<void> scrypt(std::span<std::uint8_t> key,
                                  std::span<const std::uint8_t> password,
                                  std::span<const std::uint8_t> salt, ScryptCost cost) noexcept;

// ---- PBKDF2

// The HMACs that are known here.
enum class Prf : std::uint8_t { sha1, sha224, sha256, sha384, sha512, sha512_224, sha512_256 };

// Rounds, times the blocks of the key, times the price of the HMAC in HMAC-SHA-256s: 2 to 5 s.
inline constexpr std::uint64_t kMaxPbkdf2Work = 5'000'000;

// Errors: unknown_version, without any round; too_costly.
[[nodiscard]] Result<void> check_pbkdf2(Prf prf, std::uint64_t rounds, std::size_t salt_size,
                                        std::size_t key_size) noexcept;

// PBKDF2(password, salt, rounds, key.size()). `key` is zeroed on error. To be called within
// cleanly(). Errors: those of check_pbkdf2(); no_memory, crypto_failed.
[[nodiscard]] Result<void> pbkdf2(std::span<std::uint8_t> key,
                                  std::span<const std::uint8_t> password,
                                  std::span<const std::uint8_t> salt, Prf prf,
                                  std::uint64_t rounds) noexcept;

}  // namespace latchkey::crypto
