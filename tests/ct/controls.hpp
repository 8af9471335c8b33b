// Mistakes that the constant-time checks must find, and one function without any.
//
// All take a secret of 32 bytes. They are compiled with the compiler and the options of the library
// that is checked: one of them is a mistake only where the compiler makes it one.
#pragma once

#include <cstdint>
#include <span>

namespace latchkey::controls {

struct Control {
  const char* name;
  void (*function)(const std::uint8_t* secret);  // control_NAME in reports
};

// clean, branch, index, gather (where there is AVX2), division, early_exit, ladder_branch,
// comb_index, decoding: in this order.
std::span<const Control> all() noexcept;

}  // namespace latchkey::controls
