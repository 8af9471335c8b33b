// What is said of a sealed file whose header cannot be read.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "latchkey/seal.hpp"

namespace latchkey::cli {

// `error` is that of inspect_sealed(first_bytes).
inline std::string describe_sealed(Error error, std::span<const std::uint8_t> first_bytes) {
  constexpr std::size_t kVersionAt = 8;
  if (error == Error::unknown_version && first_bytes.size() > kVersionAt &&
      first_bytes[kVersionAt] == 1) {
    return "a sealed file of version 1, a format in which one file can open with two contents; "
           "seal its content again with this version of latchkey";
  }
  return describe(error);
}

}  // namespace latchkey::cli
