// Bytes in memory, as the functions for streams read them.
#pragma once

#include <algorithm>

#include "bytes.hpp"
#include "latchkey/result.hpp"

namespace latchkey::cli {

// The bytes must live as long as what is returned.
inline auto source_of(View bytes) {
  return [bytes](std::span<std::uint8_t> to) mutable -> Result<std::size_t> {
    const View part = bytes.first(std::min(bytes.size(), to.size()));
    std::ranges::copy(part, to.begin());
    bytes = bytes.subspan(part.size());
    return part.size();
  };
}

}  // namespace latchkey::cli
