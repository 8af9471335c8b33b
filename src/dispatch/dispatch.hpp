// Picks the implementation for this machine, once.
#pragma once

#include <span>
#include <string_view>

#include "latchkey/export.h"
#include "mlkem/tables.hpp"
#include "x25519/table.hpp"

namespace latchkey::dispatch {

// A backend that this build contains.
struct Backend {
  const mlkem::HashTable* hash;  // with its name
  const mlkem::KernelTable* kernels;
  bool (*supported)() noexcept;  // by this CPU
};

// All of them, the best last; the first runs everywhere.
std::span<const Backend> backends() noexcept;

// What each of them has for one parameter set of FIPS 203. A program links the sets that it asks
// for.
template <mlkem::ParameterSet p>
std::span<const mlkem::KemTable<p>* const> kem_tables() noexcept;

// What the backend in use has: the best supported one. The environment's LATCHKEY_BACKEND may name
// a lesser one; it is ignored in set-user-ID programs, and when it names none that can run.
LATCHKEY_FOR_SEAL const mlkem::HashTable& hash_table() noexcept;
template <mlkem::ParameterSet p>
const mlkem::KemTable<p>& kem_table() noexcept;

// A form of X25519 that this build contains.
struct Form {
  const x25519::Table* table;
  bool (*supported)() noexcept;
  std::string_view backend;  // the slowest that it is used beside
};
// All of them, the best last; the first runs everywhere.
std::span<const Form> forms() noexcept;

// The best supported form that is used beside the backend in use.
const x25519::Table& x25519_table() noexcept;

// For tests and measurements: uses the named backend from now on. False if there is none, or this
// CPU cannot run it. Keys that another backend precomputed are good for it.
bool use(std::string_view name) noexcept;

}  // namespace latchkey::dispatch
