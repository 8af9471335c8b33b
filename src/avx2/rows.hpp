// The rows of the AVX2 backend.
#pragma once

#include "core/ops.hpp"

namespace latchkey::avx2 {

extern const core::KemOps kem_ops;
extern const core::KernelOps kernel_ops;

}  // namespace latchkey::avx2
