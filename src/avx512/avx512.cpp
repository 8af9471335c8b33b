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
}

struct Avx512 : avx2::Polynomials {
  static constexpr const char* kName = "avx512";
  using Keccak4 = avx2::Keccak4;
  static constexpr auto keccak_f1600 = keccak_f1600_x1;
};

}  // namespace

constinit const core::KemOps kem_ops = core::kem_row<Avx512>();
constinit const core::KernelOps kernel_ops = core::kernel_row<Avx512>();

}  // namespace latchkey::avx512
