#include "support/injected_backend.hpp"

namespace latchkey::test {
namespace {

const mlkem::KemTable* injected = nullptr;

}  // namespace

// The names that the linker gives to the function of the library, and wants for the one that stands
// between.
const mlkem::KemTable& real_kem_table() noexcept asm("__real__ZN8latchkey8dispatch9kem_tableEv");
const mlkem::KemTable& wrapped_kem_table() noexcept asm("__wrap__ZN8latchkey8dispatch9kem_tableEv");

const mlkem::KemTable& wrapped_kem_table() noexcept {
  return injected != nullptr ? *injected : real_kem_table();
}

const mlkem::KemTable& right_backend() noexcept { return real_kem_table(); }

InjectedBackend::InjectedBackend() noexcept : backend(real_kem_table()) { injected = &backend; }
InjectedBackend::~InjectedBackend() { injected = nullptr; }

}  // namespace latchkey::test
