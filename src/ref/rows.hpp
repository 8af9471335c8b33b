// The rows of the portable backend.
#pragma once

#include "core/ops.hpp"

namespace latchkey::ref {

extern const core::KemOps kem_ops;
extern const core::KernelOps kernel_ops;

}  // namespace latchkey::ref
