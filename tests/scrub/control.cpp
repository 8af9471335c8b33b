// The control of one backend, LATCHKEY_BACKEND_NAME, compiled with its flags: the same operations,
// whose entries leave what they worked with.

// Other names than those of the library's own backends.
#define kem_table_512 control_kem_table_512
#define kem_table_768 control_kem_table_768
#define kem_table_1024 control_kem_table_1024
#define hash_table control_hash_table
#define kernel_table control_kernel_table
#include LATCHKEY_BACKEND_SOURCE

namespace latchkey::LATCHKEY_BACKEND_NAME {

extern const mlkem::KemTable<mlkem::kMlKem512> unwiped_table_512;
extern const mlkem::KemTable<mlkem::kMlKem768> unwiped_table_768;
extern const mlkem::KemTable<mlkem::kMlKem1024> unwiped_table_1024;
extern const mlkem::HashTable unwiped_hash_table;
constinit const mlkem::KemTable<mlkem::kMlKem512> unwiped_table_512 =
    mlkem::make_kem_table<ThisBackend, mlkem::kMlKem512, false>();
constinit const mlkem::KemTable<mlkem::kMlKem768> unwiped_table_768 =
    mlkem::make_kem_table<ThisBackend, mlkem::kMlKem768, false>();
constinit const mlkem::KemTable<mlkem::kMlKem1024> unwiped_table_1024 =
    mlkem::make_kem_table<ThisBackend, mlkem::kMlKem1024, false>();
constinit const mlkem::HashTable unwiped_hash_table = mlkem::make_hash_table<ThisBackend, false>();

}  // namespace latchkey::LATCHKEY_BACKEND_NAME
