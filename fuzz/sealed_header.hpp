// The header of sealed messages and streams, as docs/formats.md describes it, and their KEMs.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "latchkey/derand_hybrid.hpp"
#include "latchkey/kem.hpp"
#include "support.hpp"

namespace latchkey::fuzz {

inline constexpr std::size_t kHeaderSize = 24;

inline Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

inline std::uint64_t number_in(View bytes) {
  std::uint64_t n = 0;
  for (const std::uint8_t byte : bytes) n = n << 8 | byte;
  return n;
}

// What is wrong with it first, but for its size field.
inline std::optional<Error> fault_of_head(View bytes, std::uint8_t kind, std::uint16_t kem_id) {
  if (bytes.size() < kHeaderSize || !std::ranges::equal(bytes.first(8), text("LATCHKEY"))) {
    return Error::not_sealed;
  }
  if (bytes[8] != 2) return Error::unknown_version;
  if (bytes[9] != 1 && bytes[9] != 2) return Error::not_sealed;
  const auto kdf = number_in(bytes.subspan(12, 2)), aead = number_in(bytes.subspan(14, 2));
  if ((kdf != 1 && kdf != 16 && kdf != 17) || aead < 1 || aead > 3) return Error::unknown_version;
  if (bytes[9] != kind) return Error::not_sealed;
  if (number_in(bytes.subspan(10, 2)) != kem_id) return Error::other_kem;
  return std::nullopt;
}

// The size of the randomness of an encapsulation by K, in bytes.
template <class K>
inline constexpr std::size_t kEncapsulationSeed =
    std::is_same_v<K, XWing> ? xwing::kEncapsulationSeedSize : 32;

// Calls run(K()) for one of the KEMs.
template <class Run>
void with_kem_of(std::uint8_t choice, Run run) {
  switch (choice % 4) {
    case 0:
      return run(MlKem768());
    case 1:
      return run(XWing());
    case 2:
      return run(MlKem512());
    default:
      return run(MlKem1024());
  }
}

}  // namespace latchkey::fuzz
