// The AVX-512VL backend: the AVX2 polynomials, and Keccak on 256-bit and 128-bit registers with
// vprolq and vpternlogq. No 512-bit register is used: it would lower the clock of the whole core.
//
// valgrind knows no AVX-512, so for the constant-time check all this is compiled as AVX2 code.

#include "avx2/keccak.hpp"
#include "avx2/polynomials.hpp"
#include "avx512/rows.hpp"
#include "core/rows.hpp"

namespace latchkey::avx512 {
namespace {

// One state in the lower halves of 128-bit registers, for the sake of their instructions.
using OneWord = avx2::VectorOps<unsigned long long __attribute__((vector_size(16)))>;

[[gnu::noinline]] void keccak_f1600_x1(std::uint64_t* words) noexcept {
  OneWord::Word state[core::kKeccakWords];
  for (std::size_t i = 0; i < core::kKeccakWords; ++i) state[i] = OneWord::Word{words[i], 0};
  core::keccak_f1600<OneWord>(state);
  for (std::size_t i = 0; i < core::kKeccakWords; ++i) words[i] = state[i][0];
  base::wipe(state, sizeof state);
}

struct Avx512 : avx2::Polynomials {
  static constexpr const char* kName = "avx512";
  using Keccak4 = avx2::Keccak4;
  static constexpr auto keccak_f1600 = keccak_f1600_x1;

  // vzeroall reaches the lower sixteen registers, and no mask registers.
  static void clear_registers() noexcept {
    _mm256_zeroall();
#ifdef __AVX512VL__
    asm volatile(
        "vpxorq %%xmm16, %%xmm16, %%xmm16\n\tvpxorq %%xmm17, %%xmm17, %%xmm17\n\t"
        "vpxorq %%xmm18, %%xmm18, %%xmm18\n\tvpxorq %%xmm19, %%xmm19, %%xmm19\n\t"
        "vpxorq %%xmm20, %%xmm20, %%xmm20\n\tvpxorq %%xmm21, %%xmm21, %%xmm21\n\t"
        "vpxorq %%xmm22, %%xmm22, %%xmm22\n\tvpxorq %%xmm23, %%xmm23, %%xmm23\n\t"
        "vpxorq %%xmm24, %%xmm24, %%xmm24\n\tvpxorq %%xmm25, %%xmm25, %%xmm25\n\t"
        "vpxorq %%xmm26, %%xmm26, %%xmm26\n\tvpxorq %%xmm27, %%xmm27, %%xmm27\n\t"
        "vpxorq %%xmm28, %%xmm28, %%xmm28\n\tvpxorq %%xmm29, %%xmm29, %%xmm29\n\t"
        "vpxorq %%xmm30, %%xmm30, %%xmm30\n\tvpxorq %%xmm31, %%xmm31, %%xmm31" ::
            : "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24",
              "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31");
    asm volatile(
        "kxorw %%k0, %%k0, %%k0\n\tkxorw %%k1, %%k1, %%k1\n\tkxorw %%k2, %%k2, %%k2\n\t"
        "kxorw %%k3, %%k3, %%k3\n\tkxorw %%k4, %%k4, %%k4\n\tkxorw %%k5, %%k5, %%k5\n\t"
        "kxorw %%k6, %%k6, %%k6\n\tkxorw %%k7, %%k7, %%k7" ::
            : "k1", "k2", "k3", "k4", "k5", "k6", "k7");
#endif
  }
};

}  // namespace

constinit const core::KemOps kem_ops = core::kem_row<Avx512>();
constinit const core::KernelOps kernel_ops = core::kernel_row<Avx512>();

}  // namespace latchkey::avx512
