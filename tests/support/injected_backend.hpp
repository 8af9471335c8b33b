// A backend of functions that the library uses in the place of that which it chose: one that makes
// a mistake, to see who notices.
//
// The linker sends the library's calls of dispatch::kem_table and hash_table here (see
// meson.build).
#pragma once

#include "dispatch/dispatch.hpp"
#include "mlkem/tables.hpp"

namespace latchkey::test {

// While one lives, `backend` is in use for a parameter set: a copy of the right table, to be
// changed. One at a time.
template <mlkem::ParameterSet p = mlkem::kMlKem768>
class InjectedBackend {
 public:
  InjectedBackend() noexcept;
  ~InjectedBackend();
  InjectedBackend(const InjectedBackend&) = delete;
  InjectedBackend& operator=(const InjectedBackend&) = delete;

  mlkem::KemTable<p> backend;
};

// The same for the hashes.
class InjectedHash {
 public:
  InjectedHash() noexcept;
  ~InjectedHash();
  InjectedHash(const InjectedHash&) = delete;
  InjectedHash& operator=(const InjectedHash&) = delete;

  mlkem::HashTable backend;
};

// What is in use without.
template <mlkem::ParameterSet p = mlkem::kMlKem768>
const mlkem::KemTable<p>& right_backend() noexcept;
const mlkem::HashTable& right_hash() noexcept;

extern template class InjectedBackend<mlkem::kMlKem512>;
extern template class InjectedBackend<mlkem::kMlKem768>;
extern template class InjectedBackend<mlkem::kMlKem1024>;

}  // namespace latchkey::test
