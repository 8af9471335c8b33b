// The plain way to lock a secret away: a page of its own, between two that nobody may touch.
#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <stdexcept>

#include "base/wipe.hpp"

namespace latchkey::bench {

inline constexpr std::size_t kSecret = 32, kPage = 4096;

// Calls f with the page, to which a secret may be written; wipes and unmaps it.
template <class F>
void in_locked_page(F f) {
  auto* const pages = static_cast<std::uint8_t*>(
      mmap(nullptr, 3 * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  auto* const secret = pages + kPage;
  if (pages == MAP_FAILED || mprotect(secret, kPage, PROT_READ | PROT_WRITE) != 0 ||
      mlock(secret, kPage) != 0) {
    throw std::runtime_error("cannot lock a page");
  }
  f(secret);
  base::wipe(secret, kSecret);
  munmap(pages, 3 * kPage);
}

}  // namespace latchkey::bench
