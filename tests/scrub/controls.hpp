// The rows of the control build: they wipe nothing, so what is to be found is found there.
#pragma once

#include "core/ops.hpp"

namespace latchkey {

namespace ref {
extern const core::KemOps unwiped_ops;
}
namespace avx2 {
extern const core::KemOps unwiped_ops;
}
namespace avx512 {
extern const core::KemOps unwiped_ops;
}

}  // namespace latchkey
