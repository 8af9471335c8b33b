// Pages for secrets: locked, hidden, and between guard pages.
#pragma once

#include <cstddef>
#include <cstdint>

#include "latchkey/result.hpp"

namespace latchkey::memory {

struct Mapping {
  std::uint8_t* data;
  std::size_t size;
  bool locked;  // and hidden
};

// Whether pages are acceptable that the system does not lock or hide.
enum class Protection : bool { as_granted, required };
enum class Fork : bool { hide, share };  // from children, or with them

[[nodiscard]] std::size_t page_size() noexcept;

// `size` bytes of zeros, whole pages. Backed by memfd_secret(2), which nobody else can read, or
// else, and under Policy::no_memfd_secret, by ordinary memory and mlock(2). Left out of core dumps.
// Errors: no_memory, too_many_mappings, memory_not_protected (if it is not required, only where
// protection keys refuse); if protection is required, memory_not_locked.
[[nodiscard]] Result<Mapping> map_pages(std::size_t size, Protection protection,
                                        Fork fork) noexcept;

// Their content is to be wiped before.
void unmap(const Mapping& mapping) noexcept;

}  // namespace latchkey::memory
