// What streams have in common: input that is cut into pieces, each of which is changed in its place
// and written, with the last one known as such.
#pragma once

#include "latchkey/stream.hpp"

namespace latchkey::seal {

// As many bytes as there are, up to all of `to`. Less only at the end.
// Errors: those of read; read_failed, if it says that it put more than there was room.
[[nodiscard]] Result<std::size_t> fill(std::span<std::uint8_t> to,
                                       const StreamSource& read) noexcept;

// A source of bytes that were read ahead, and then of the rest, unless that is known to be nothing.
struct Ahead {
  std::span<const std::uint8_t> bytes;
  const StreamSource& read;
  bool at_end = false;

  Result<std::size_t> operator()(std::span<std::uint8_t> to) noexcept;
};

}  // namespace latchkey::seal
