// The AVX2 backend.

#include "avx2/keccak.hpp"
#include "avx2/polynomials.hpp"
#include "avx2/rows.hpp"
#include "core/rows.hpp"

namespace latchkey::avx2 {
namespace {

// The integer unit does one state faster than a vector lane. BMI has the andn of chi.
[[gnu::noinline]] void keccak_f1600(std::uint64_t* words) noexcept {
  core::keccak_f1600<core::PlainWord>(words);
}

struct Avx2 : Polynomials {
  static constexpr const char* kName = "avx2";
  using Keccak4 = avx2::Keccak4;
  static constexpr auto keccak_f1600 = avx2::keccak_f1600;
};

}  // namespace

constinit const core::KemOps kem_ops = core::kem_row<Avx2>();
constinit const core::KernelOps kernel_ops = core::kernel_row<Avx2>();

}  // namespace latchkey::avx2
