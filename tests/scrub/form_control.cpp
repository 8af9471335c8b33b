// The control of one form of X25519, LATCHKEY_FORM_NAME, compiled with its flags: the same
// operations, whose entries leave what they worked with.

// Another name than that of the library's own form.
#define x25519_table control_x25519_table
#include LATCHKEY_FORM_SOURCE
#undef x25519_table

namespace latchkey::LATCHKEY_FORM_NAME {

extern const x25519::Table unwiped_table;
constinit const x25519::Table unwiped_table = x25519::make_table<ThisForm, false>();

}  // namespace latchkey::LATCHKEY_FORM_NAME
