// What is said of a sealed file whose header cannot be read.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "latchkey/seal.hpp"

namespace latchkey::cli {

// `error` is that of inspect_sealed(beginning).
inline std::string describe_sealed(Error error, std::span<const std::uint8_t> beginning) {
  constexpr std::size_t kVersionAt = 8;
  if (error == Error::unknown_version && beginning.size() > kVersionAt &&
      beginning[kVersionAt] == 1) {
    return "a sealed file of version 1, a format in which one file can open with two contents; "
           "seal its content again with this version of latchkey";
  }
  return describe(error);
}

}  // namespace latchkey::cli
