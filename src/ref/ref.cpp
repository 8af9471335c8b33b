// The portable backend: C++20 without intrinsics, for any CPU.

#include "mlkem/make_tables.hpp"
#include "ref/keccak.hpp"
#include "ref/polynomials.hpp"

namespace latchkey::ref {
namespace {

struct ThisBackend : Polynomials {
  static constexpr const char* kName = "ref";
  using Keccak4 = ref::Keccak4;
  static constexpr auto keccak_f1600 = ref::keccak_f1600;
};

}  // namespace

extern const mlkem::KemTable kem_table;
extern const mlkem::KernelTable kernel_table;
constinit const mlkem::KemTable kem_table = mlkem::make_kem_table<ThisBackend>();
constinit const mlkem::KernelTable kernel_table = mlkem::make_kernel_table<ThisBackend>();

}  // namespace latchkey::ref
