// In place of src/base/stack.hpp in the control: neither the stack nor a register is wiped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/wipe.hpp"

namespace latchkey::base {

template <std::size_t, class F>
auto run_and_wipe(F f) noexcept {
  return f();
}

inline constexpr std::size_t kCopyDepth = 1024;

// Static: the functions of these names in the library wipe, and what they wipe would be missed by
// the scan and counted as used stack.
[[maybe_unused]] static void copy_secret(void* to, const void* from, std::size_t size) noexcept {
  std::memcpy(to, from, size);
}

[[maybe_unused]] static std::uint64_t secrets_differ(const std::uint8_t* a, const std::uint8_t* b,
                                                     std::size_t size) noexcept {
  std::uint8_t differ = 0;
  for (std::size_t i = 0; i < size; ++i) differ |= a[i] ^ b[i];
  return differ == 0 ? 0 : ~std::uint64_t{0};
}

}  // namespace latchkey::base
