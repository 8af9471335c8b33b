// Writes the header of an age file.
#pragma once

#include "age/header.hpp"

namespace latchkey::age::internal {

// Errors: those of age::seal() but read's and write's.
[[nodiscard]] Result<Text> write_header(
    const LockedBuffer& file_key,
    std::span<const xwing::EncapsulationKey* const> recipients) noexcept;

}  // namespace latchkey::age::internal
