// The portable backend: C++20 without intrinsics, for any CPU.

#include "core/rows.hpp"
#include "ref/keccak.hpp"
#include "ref/polynomials.hpp"
#include "ref/rows.hpp"

namespace latchkey::ref {
namespace {

struct Ref : Polynomials {
  static constexpr const char* kName = "ref";
  using Keccak4 = ref::Keccak4;
  static constexpr auto keccak_f1600 = ref::keccak_f1600;
};

}  // namespace

constinit const core::KemOps kem_ops = core::kem_row<Ref>();
constinit const core::KernelOps kernel_ops = core::kernel_row<Ref>();

}  // namespace latchkey::ref
