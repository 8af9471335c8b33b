// The portable backend: C++20 without intrinsics, for any CPU.

#include "core/rows.hpp"
#include "ref/encode.hpp"
#include "ref/keccak.hpp"
#include "ref/ntt.hpp"
#include "ref/rows.hpp"
#include "ref/sample.hpp"

namespace latchkey::ref {
namespace {

struct Ref {
  static constexpr const char* kName = "ref";
  using Keccak4 = ref::Keccak4;
  using Multiplier = ref::Multiplier;

  static constexpr auto keccak_f1600 = ref::keccak_f1600;
  static constexpr auto ntt = ref::ntt;
  static constexpr auto inverse_ntt = ref::inverse_ntt;
  static constexpr auto prepare = ref::prepare;
  static constexpr auto dot = ref::dot;
  static constexpr auto add_product = ref::add_product;
  static constexpr auto add = ref::add;
  static constexpr auto subtract_from = ref::subtract_from;
  static constexpr auto reject_vartime = ref::reject_vartime;
  static constexpr auto sample_cbd2 = ref::sample_cbd2;
  static constexpr auto decode12 = ref::decode12;
  static constexpr auto encode12 = ref::encode12;
  template <unsigned d>
  static constexpr auto decode_decompress = ref::decode_decompress<d>;
  template <unsigned d>
  static constexpr auto compress_encode = ref::compress_encode<d>;

  // Compilers use SSE2 registers in plain code.
  static void clear_registers() noexcept {
#ifdef __SSE2__
    asm volatile(
        "pxor %%xmm0, %%xmm0\n\tpxor %%xmm1, %%xmm1\n\tpxor %%xmm2, %%xmm2\n\t"
        "pxor %%xmm3, %%xmm3\n\tpxor %%xmm4, %%xmm4\n\tpxor %%xmm5, %%xmm5\n\t"
        "pxor %%xmm6, %%xmm6\n\tpxor %%xmm7, %%xmm7" ::
            : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7");
#ifdef __x86_64__
    asm volatile(
        "pxor %%xmm8, %%xmm8\n\tpxor %%xmm9, %%xmm9\n\tpxor %%xmm10, %%xmm10\n\t"
        "pxor %%xmm11, %%xmm11\n\tpxor %%xmm12, %%xmm12\n\tpxor %%xmm13, %%xmm13\n\t"
        "pxor %%xmm14, %%xmm14\n\tpxor %%xmm15, %%xmm15" ::
            : "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
#endif
#endif
  }
};

}  // namespace

constinit const core::KemOps kem_ops = core::kem_row<Ref>();
constinit const core::KernelOps kernel_ops = core::kernel_row<Ref>();

}  // namespace latchkey::ref
