#include "support/injected_backend.hpp"

namespace latchkey::test {
namespace {

using mlkem::HashTable;
using mlkem::KemTable;
using mlkem::kMlKem1024;
using mlkem::kMlKem512;
using mlkem::kMlKem768;

template <mlkem::ParameterSet p>
const KemTable<p>* injected = nullptr;
const HashTable* injected_hash = nullptr;

}  // namespace

// The names that the linker gives to the functions of the library, and wants for those that stand
// between. meson.build has them, too.
const KemTable<kMlKem512>& real_512() noexcept asm("__real_" LATCHKEY_KEM_TABLE_512);
const KemTable<kMlKem512>& wrapped_512() noexcept asm("__wrap_" LATCHKEY_KEM_TABLE_512);
const KemTable<kMlKem768>& real_768() noexcept asm("__real_" LATCHKEY_KEM_TABLE_768);
const KemTable<kMlKem768>& wrapped_768() noexcept asm("__wrap_" LATCHKEY_KEM_TABLE_768);
const KemTable<kMlKem1024>& real_1024() noexcept asm("__real_" LATCHKEY_KEM_TABLE_1024);
const KemTable<kMlKem1024>& wrapped_1024() noexcept asm("__wrap_" LATCHKEY_KEM_TABLE_1024);
const HashTable& real_hash() noexcept asm("__real_" LATCHKEY_HASH_TABLE);
const HashTable& wrapped_hash() noexcept asm("__wrap_" LATCHKEY_HASH_TABLE);

template <>
const KemTable<kMlKem512>& right_backend() noexcept {
  return real_512();
}
template <>
const KemTable<kMlKem768>& right_backend() noexcept {
  return real_768();
}
template <>
const KemTable<kMlKem1024>& right_backend() noexcept {
  return real_1024();
}
const HashTable& right_hash() noexcept { return real_hash(); }

namespace {

template <mlkem::ParameterSet p>
const KemTable<p>& kem_in_use() noexcept {
  return injected<p> != nullptr ? *injected<p> : right_backend<p>();
}

}  // namespace

const KemTable<kMlKem512>& wrapped_512() noexcept { return kem_in_use<kMlKem512>(); }
const KemTable<kMlKem768>& wrapped_768() noexcept { return kem_in_use<kMlKem768>(); }
const KemTable<kMlKem1024>& wrapped_1024() noexcept { return kem_in_use<kMlKem1024>(); }
const HashTable& wrapped_hash() noexcept {
  return injected_hash != nullptr ? *injected_hash : real_hash();
}

template <mlkem::ParameterSet p>
InjectedBackend<p>::InjectedBackend() noexcept : backend(right_backend<p>()) {
  injected<p> = &backend;
}
template <mlkem::ParameterSet p>
InjectedBackend<p>::~InjectedBackend() {
  injected<p> = nullptr;
}
InjectedHash::InjectedHash() noexcept : backend(real_hash()) { injected_hash = &backend; }
InjectedHash::~InjectedHash() { injected_hash = nullptr; }

template class InjectedBackend<kMlKem512>;
template class InjectedBackend<kMlKem768>;
template class InjectedBackend<kMlKem1024>;

}  // namespace latchkey::test
