// What a form of X25519 exports: a table of functions. The dispatcher picks a form, once.
#pragma once

#include "base/bytes.hpp"

namespace latchkey::x25519 {

using base::In;
using base::Out;

inline constexpr std::size_t kSize = 32;  // of a secret, a public key and a shared secret, in bytes

// One operation of many: X25519(secret, peer), and with it X25519(secret, 9) where `pub` is not
// null. Each is 32 bytes.
struct Job {
  std::uint8_t* pub;
  std::uint8_t* shared;
  const std::uint8_t* secret;
  const std::uint8_t* peer;
};
inline constexpr std::size_t kBatch = 8;  // jobs side by side

// RFC 7748, section 5. All are constant-time in secrets, and in public keys, too. A shared secret
// may come out as zeros: the caller checks (section 6.1).
struct Table {
  const char* name;
  void (*public_key)(Out<kSize> pub, In<kSize> secret) noexcept;
  void (*shared_secret)(Out<kSize> shared, In<kSize> secret, In<kSize> peer) noexcept;
  // Both, faster than one after the other: what a KEM's encapsulation does.
  void (*public_and_shared)(Out<kSize> pub, Out<kSize> shared, In<kSize> secret,
                            In<kSize> peer) noexcept;
  // At most kBatch jobs.
  void (*run_jobs)(const Job*, std::size_t) noexcept;
};

}  // namespace latchkey::x25519
