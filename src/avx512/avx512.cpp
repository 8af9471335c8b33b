// The AVX-512VL backend: the AVX2 polynomials, and four states of Keccak at once on 256-bit
// registers with vprolq and vpternlogq. No 512-bit register is used: it would lower the clock of
// the whole core. One state is faster in the integer unit than on 128-bit registers with these
// instructions.
//
// valgrind knows no AVX-512, so for the constant-time check all this is compiled as AVX2 code.

#include "avx2/keccak.hpp"
#include "avx2/polynomials.hpp"
#include "mlkem/make_tables.hpp"

namespace latchkey::avx512 {
namespace {

struct ThisBackend : avx2::Polynomials {
  static constexpr const char* kName = "avx512";
  using Keccak4 = avx2::Keccak4;
  static constexpr auto keccak_f1600 = avx2::keccak_f1600;
};

}  // namespace

extern const mlkem::KemTable<mlkem::kMlKem512> kem_table_512;
extern const mlkem::KemTable<mlkem::kMlKem768> kem_table_768;
extern const mlkem::KemTable<mlkem::kMlKem1024> kem_table_1024;
extern const mlkem::HashTable hash_table;
extern const mlkem::KernelTable kernel_table;
constinit const mlkem::KemTable<mlkem::kMlKem512> kem_table_512 =
    mlkem::make_kem_table<ThisBackend, mlkem::kMlKem512>();
constinit const mlkem::KemTable<mlkem::kMlKem768> kem_table_768 =
    mlkem::make_kem_table<ThisBackend, mlkem::kMlKem768>();
constinit const mlkem::KemTable<mlkem::kMlKem1024> kem_table_1024 =
    mlkem::make_kem_table<ThisBackend, mlkem::kMlKem1024>();
constinit const mlkem::HashTable hash_table = mlkem::make_hash_table<ThisBackend>();
constinit const mlkem::KernelTable kernel_table = mlkem::make_kernel_table<ThisBackend>();

}  // namespace latchkey::avx512
