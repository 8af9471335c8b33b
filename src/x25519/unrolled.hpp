// Loops whose counter is a constant.
#pragma once

#include <cstddef>
#include <utility>

namespace latchkey::x25519 {

// f(i) for i from 0 to n - 1, where i converts to a constant expression.
template <std::size_t n, class F>
[[gnu::always_inline]] constexpr void unrolled(F f) noexcept {
  [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
    (f(std::integral_constant<std::size_t, i>()), ...);
  }
  (std::make_index_sequence<n>());
}

}  // namespace latchkey::x25519
