// A backend of functions that the library uses in the place of that which it chose: one that makes
// a mistake, to see who notices.
//
// The linker sends the library's calls of dispatch::kem_table here (see meson.build).
#pragma once

#include "dispatch/dispatch.hpp"
#include "mlkem/tables.hpp"

namespace latchkey::test {

// While one lives, `backend` is in use: a copy of the right one, to be changed. One at a time.
class InjectedBackend {
 public:
  InjectedBackend() noexcept;
  ~InjectedBackend();
  InjectedBackend(const InjectedBackend&) = delete;
  InjectedBackend& operator=(const InjectedBackend&) = delete;

  mlkem::KemTable backend;
};

// The backend that is in use without.
const mlkem::KemTable& right_backend() noexcept;

}  // namespace latchkey::test
