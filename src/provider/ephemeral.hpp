// The private keys of TLS clients, without a slot of locked memory for each.
//
// A client holds a private key from its ClientHello to the server's answer, and a proxy may hold
// ten thousand at once, more than RLIMIT_MEMLOCK has room for. So a key is derived twice, when it
// is made and when it is used, from a root of 32 random bytes in locked memory, which the keys of
// the process share, and from a nonce of its own, which is on the heap and useless without the
// root:
//
//   d || z || scalar = SHAKE256(root || nonce)
//
// A nonce is wiped with its key. The root is wiped when no key is left, and the next key draws a
// new one. A child of fork() has no root of its parent: keys do not cross a fork.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "latchkey/result.hpp"

namespace latchkey::provider {

struct Root;

// What one key is derived from.
class Origin {
 public:
  Origin() noexcept = default;
  ~Origin();
  Origin(const Origin&) = delete;
  Origin& operator=(const Origin&) = delete;

  // Begins a new key. Errors: no_entropy, those on memory.
  [[nodiscard]] Result<void> draw() noexcept;

  // Whether there is a key.
  [[nodiscard]] bool is_drawn() const noexcept { return root_ != nullptr; }

  // The key's randomness, each time the same. Errors: moved_from, if there is no key; inherited,
  // purged.
  [[nodiscard]] Result<void> derive(std::span<std::uint8_t> randomness) const noexcept;

 private:
  Root* root_ = nullptr;
  std::array<std::uint8_t, 32> nonce_{};
};

// To be called when the module is loaded, behind the first secret: fork() waits for whoever changes
// the root. False if the system refuses.
[[nodiscard]] bool watch_forks() noexcept;

}  // namespace latchkey::provider
