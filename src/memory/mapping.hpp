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
// What a child of fork() gets of them: nothing, or a copy of its own.
enum class Fork : bool { hide, copy };

[[nodiscard]] std::size_t page_size() noexcept;

// `size` bytes of zeros, whole pages. Backed by memfd_secret(2), which nobody else can read, or
// else, under Policy::no_memfd_secret and for Fork::copy, by ordinary memory and mlock(2): pages of
// memfd_secret(2) can only be shared. Left out of core dumps.
// Errors: no_memory, too_many_mappings, memory_not_protected (if it is not required, only where
// protection keys refuse); if protection is required, memory_not_locked.
[[nodiscard]] Result<Mapping> map_pages(std::size_t size, Protection protection,
                                        Fork fork) noexcept;

// In a child of fork(), where pages of Fork::copy are not locked any more: locks them, and makes
// those that can be written a copy of their own. False if the system refuses. With protection keys,
// for use while an OpenSecrets for writing lives.
[[nodiscard]] bool lock_again(const Mapping& mapping) noexcept;

// Their content is to be wiped before.
void unmap(const Mapping& mapping) noexcept;

}  // namespace latchkey::memory
