// The control of the ref row: the same operations, whose entries leave what they worked with.

// Other names than those of the library's own rows.
#define kem_ops control_kem_ops
#define kernel_ops control_kernel_ops
#include "ref/ref.cpp"
#undef kem_ops

#include "scrub/controls.hpp"

namespace latchkey::ref {

constinit const core::KemOps unwiped_ops = core::kem_row<Ref, false>();

}  // namespace latchkey::ref
