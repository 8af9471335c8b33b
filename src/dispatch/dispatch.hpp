// Picks the implementation for this machine, once.
#pragma once

#include <span>
#include <string_view>

#include "core/ops.hpp"
#include "latchkey/export.h"

namespace latchkey::dispatch {

// A backend that this build contains.
struct Row {
  const core::KemOps* kem;
  const core::KernelOps* kernels;
  bool (*supported)() noexcept;  // by this CPU
};

// All of them, the best last; the first runs everywhere.
std::span<const Row> rows() noexcept;

// The row in use: the best supported one. The environment's LATCHKEY_BACKEND may name a lesser one;
// it is ignored in set-user-ID programs, and when it names none that can run.
LATCHKEY_FOR_SEAL const core::KemOps& kem_ops() noexcept;

// For tests and measurements: uses the named row from now on. False if there is none, or this CPU
// cannot run it. Keys that another row expanded are good for it.
bool use(std::string_view name) noexcept;

}  // namespace latchkey::dispatch
