// Keys under a password at next to no cost, for tests that make them a thousand times: the linker
// sends the calls of libcrypto that say how much work a password is here (operation_wraps of
// meson.build).
#pragma once

#include <array>
#include <cstdint>

namespace latchkey::test {

// While one lives.
class CheapPasswords {
 public:
  static constexpr int kRounds = 2;                        // of PBKDF2
  static constexpr std::uint64_t kN = 16, kR = 1, kP = 1;  // of scrypt
  static constexpr int kSaltSize = 16;                     // bytes

  CheapPasswords();
  ~CheapPasswords();
  CheapPasswords(const CheapPasswords&) = delete;
  CheapPasswords& operator=(const CheapPasswords&) = delete;

  // Of the key that was written last.
  static const std::array<std::uint8_t, kSaltSize>& latest_salt();
};

}  // namespace latchkey::test
