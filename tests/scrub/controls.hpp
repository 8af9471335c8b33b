// The backends and the forms of X25519 of the control build. They wipe nothing: the scan must find
// secrets after them.
#pragma once

#include <cstdlib>
#include <string_view>

#include "mlkem/tables.hpp"
#include "x25519/table.hpp"

#define LATCHKEY_BACKEND(name, supported)                             \
  namespace latchkey::name {                                          \
  extern const mlkem::KemTable<mlkem::kMlKem512> unwiped_table_512;   \
  extern const mlkem::KemTable<mlkem::kMlKem768> unwiped_table_768;   \
  extern const mlkem::KemTable<mlkem::kMlKem1024> unwiped_table_1024; \
  extern const mlkem::HashTable unwiped_hash_table;                   \
  }
#include "backends.inc"
#undef LATCHKEY_BACKEND
#define LATCHKEY_FORM(name, supported, backend) \
  namespace latchkey::name {                    \
  extern const x25519::Table unwiped_table;     \
  }
#include "forms.inc"
#undef LATCHKEY_FORM

namespace latchkey::test {

// The tables without wiping of a backend.
struct Unwiped {
  const mlkem::KemTable<mlkem::kMlKem512>* kem_512;
  const mlkem::KemTable<mlkem::kMlKem768>* kem_768;
  const mlkem::KemTable<mlkem::kMlKem1024>* kem_1024;
  const mlkem::HashTable* hash;
};
inline const Unwiped& unwiped_backend(std::string_view wanted) noexcept {
  static constexpr Unwiped kTables[] = {
#define LATCHKEY_BACKEND(name, supported)                                         \
  {&name::unwiped_table_512, &name::unwiped_table_768, &name::unwiped_table_1024, \
   &name::unwiped_hash_table},
#include "backends.inc"
#undef LATCHKEY_BACKEND
  };
  for (const Unwiped& table : kTables) {
    if (wanted == table.hash->name) return table;
  }
  std::abort();
}
inline const mlkem::HashTable& unwiped_hash(std::string_view wanted) noexcept {
  return *unwiped_backend(wanted).hash;
}
template <mlkem::ParameterSet p>
const mlkem::KemTable<p>& unwiped(std::string_view wanted) noexcept {
  const Unwiped& tables = unwiped_backend(wanted);
  if constexpr (p == mlkem::kMlKem512) return *tables.kem_512;
  if constexpr (p == mlkem::kMlKem768) return *tables.kem_768;
  if constexpr (p == mlkem::kMlKem1024) return *tables.kem_1024;
}

// That of the form with that name.
inline const x25519::Table& unwiped_form(std::string_view wanted) noexcept {
  const x25519::Table* const tables[] = {
#define LATCHKEY_FORM(name, supported, backend) &name::unwiped_table,
#include "forms.inc"
#undef LATCHKEY_FORM
  };
  for (const x25519::Table* const table : tables) {
    if (wanted == table->name) return *table;
  }
  std::abort();
}

}  // namespace latchkey::test
