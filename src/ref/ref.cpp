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

}  // namespace latchkey::ref
