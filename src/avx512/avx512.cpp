// The AVX-512VL backend: the AVX2 polynomials, and Keccak on 256-bit and 128-bit registers with
// vprolq and vpternlogq. No 512-bit register is used: it would lower the clock of the whole core.

#include "avx2/keccak.hpp"
#include "avx2/polynomials.hpp"
#include "avx512/rows.hpp"
#include "core/rows.hpp"

namespace latchkey::avx512 {
namespace {

struct Avx512 : avx2::Polynomials {
  static constexpr const char* kName = "avx512";
  using Keccak4 = avx2::Keccak4;
  static constexpr auto keccak_f1600 = avx2::keccak_f1600;

  static void clear_registers() noexcept { _mm256_zeroall(); }
};

}  // namespace

constinit const core::KemOps kem_ops = core::kem_row<Avx512>();
constinit const core::KernelOps kernel_ops = core::kernel_row<Avx512>();

}  // namespace latchkey::avx512
