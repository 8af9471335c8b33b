// A form of X25519 whose functions the library uses in the place of that which it chose: one that
// makes a mistake, to see who notices.
//
// The linker sends the library's calls of dispatch::x25519_table here (see meson.build).
#pragma once

#include "x25519/table.hpp"

namespace latchkey::test {

// While one lives, `form` is in use: a copy of the right one, to be changed. One at a time.
class InjectedForm {
 public:
  InjectedForm() noexcept;
  ~InjectedForm();
  InjectedForm(const InjectedForm&) = delete;
  InjectedForm& operator=(const InjectedForm&) = delete;

  x25519::Table form;
};

// The form that is in use without.
const x25519::Table& right_form() noexcept;

}  // namespace latchkey::test
