// The control of the avx512 row: the same operations, whose entries leave what they worked with.

// Other names than those of the library's own rows.
#define kem_ops control_kem_ops
#define kernel_ops control_kernel_ops
#include "avx512/avx512.cpp"
#undef kem_ops

#include "scrub/controls.hpp"

namespace latchkey::avx512 {

constinit const core::KemOps unwiped_ops = core::kem_row<Avx512, false>();

}  // namespace latchkey::avx512
