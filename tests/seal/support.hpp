// What the tests of the sealing layer share.
#pragma once

#include "api/access.hpp"
#include "api/shared_secret.hpp"
#include "api/support.hpp"
#include "latchkey/derand_hybrid.hpp"

namespace latchkey::test {

inline Bytes copy_of(const LockedBuffer& buffer) {
  return buffer.read([](View bytes) { return copy_of(bytes); }).value();
}

inline Bytes bytes_in(const Result<LockedBuffer>& made) {
  REQUIRE(made.has_value());
  REQUIRE(made->is_locked());
  return copy_of(*made);
}

// The bytes of a public key file or a sealed message.
template <class T>
Bytes bytes_in(const Result<T>& made) {
  return copy_of(made.value().bytes());
}

// The shared secret that has these 32 bytes.
inline SharedSecret secret_of(View K) {
  return make_secret([&](std::span<std::uint8_t, kSharedSecretSize> bytes) noexcept {
           std::ranges::copy(K, bytes.begin());
         })
      .value();
}

}  // namespace latchkey::test
