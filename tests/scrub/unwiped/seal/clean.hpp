// In place of src/seal/clean.hpp in the control: it wipes nothing.
#pragma once

#include <cstddef>

#include "seal/libcrypto.hpp"

namespace latchkey::seal {

template <std::size_t = 0, class F>
auto cleanly(F f) noexcept {
  return f();
}

}  // namespace latchkey::seal
