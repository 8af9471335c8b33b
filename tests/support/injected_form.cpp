#include "support/injected_form.hpp"

namespace latchkey::test {
namespace {

const x25519::Table* injected = nullptr;

}  // namespace

// The names that the linker gives to the function of the library, and wants for the one that stands
// between.
const x25519::Table& real_x25519_table() noexcept
    asm("__real__ZN8latchkey8dispatch12x25519_tableEv");
const x25519::Table& wrapped_x25519_table() noexcept
    asm("__wrap__ZN8latchkey8dispatch12x25519_tableEv");

const x25519::Table& wrapped_x25519_table() noexcept {
  return injected != nullptr ? *injected : real_x25519_table();
}

const x25519::Table& right_form() noexcept { return real_x25519_table(); }

InjectedForm::InjectedForm() noexcept : form(real_x25519_table()) { injected = &form; }
InjectedForm::~InjectedForm() { injected = nullptr; }

}  // namespace latchkey::test
