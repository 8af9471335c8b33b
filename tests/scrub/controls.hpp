// The backends and the forms of X25519 of the control build. They wipe nothing: the scan must find
// secrets after them.
#pragma once

#include <cstdlib>
#include <string_view>

#include "mlkem/tables.hpp"
#include "x25519/table.hpp"

#define LATCHKEY_BACKEND(name, supported)     \
  namespace latchkey::name {                  \
  extern const mlkem::KemTable unwiped_table; \
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

// The table without wiping of the backend with that name.
inline const mlkem::KemTable& unwiped(std::string_view wanted) noexcept {
  const mlkem::KemTable* const tables[] = {
#define LATCHKEY_BACKEND(name, supported) &name::unwiped_table,
#include "backends.inc"
#undef LATCHKEY_BACKEND
  };
  for (const mlkem::KemTable* const table : tables) {
    if (wanted == table->name) return *table;
  }
  std::abort();
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
