// The control of one backend, LATCHKEY_BACKEND_NAME, compiled with its flags: the same operations,
// whose entries leave what they worked with.

// Other names than those of the library's own backends.
#define kem_table control_kem_table
#define kernel_table control_kernel_table
#include LATCHKEY_BACKEND_SOURCE
#undef kem_table

namespace latchkey::LATCHKEY_BACKEND_NAME {

extern const mlkem::KemTable unwiped_table;
constinit const mlkem::KemTable unwiped_table = mlkem::make_kem_table<ThisBackend, false>();

}  // namespace latchkey::LATCHKEY_BACKEND_NAME
