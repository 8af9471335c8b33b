// SHA-3, SHAKE (FIPS 202) and TurboSHAKE (RFC 9861) by the backend in use. Nothing of the input
// stays on the stack.
#pragma once

#include <initializer_list>

#include "dispatch/dispatch.hpp"

namespace latchkey {

using HashParts = std::initializer_list<std::span<const std::uint8_t>>;

inline void hash(std::span<std::uint8_t> out, mlkem::SpongeKind kind, HashParts parts) noexcept {
  dispatch::hash_table().hash(out, kind, {parts.begin(), parts.size()});
}

}  // namespace latchkey
