// The rows of the AVX-512VL backend.
#pragma once

#include "core/ops.hpp"

namespace latchkey::avx512 {

extern const core::KemOps kem_ops;
extern const core::KernelOps kernel_ops;

}  // namespace latchkey::avx512
