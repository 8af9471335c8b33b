// Picks the implementation for this machine, once.
#pragma once

#include <span>
#include <string_view>

#include "latchkey/export.h"
#include "mlkem/tables.hpp"

namespace latchkey::dispatch {

// A backend that this build contains.
struct Backend {
  const mlkem::KemTable* kem;
  const mlkem::KernelTable* kernels;
  bool (*supported)() noexcept;  // by this CPU
};

// All of them, the best last; the first runs everywhere.
std::span<const Backend> backends() noexcept;

// The backend in use: the best supported one. The environment's LATCHKEY_BACKEND may name a lesser
// one; it is ignored in set-user-ID programs, and when it names none that can run.
LATCHKEY_FOR_SEAL const mlkem::KemTable& kem_table() noexcept;

// For tests and measurements: uses the named backend from now on. False if there is none, or this
// CPU cannot run it. Keys that another backend precomputed are good for it.
bool use(std::string_view name) noexcept;

}  // namespace latchkey::dispatch
