// Texts about sealed files: the recipient's algorithm, and why a header cannot be read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "kems.hpp"
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

// The KEM of the key that a message or stream was sealed to; inspect_sealed() knows no others.
inline const KemRow& kem_of(const SealedInfo& info) {
  return *std::ranges::find(kKems, info.kem, &KemRow::hpke_id);
}

}  // namespace latchkey::cli
