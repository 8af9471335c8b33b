// The backends of the control build. They wipe nothing: the scan must find secrets after them.
#pragma once

#include <cstdlib>
#include <string_view>

#include "mlkem/tables.hpp"

#define LATCHKEY_BACKEND(name, supported)     \
  namespace latchkey::name {                  \
  extern const mlkem::KemTable unwiped_table; \
  }
#include "backends.inc"
#undef LATCHKEY_BACKEND

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

}  // namespace latchkey::test
