// The forms of X25519 that this machine can run. Every test of X25519 runs for each.
#pragma once

#include <vector>

#include "dispatch/dispatch.hpp"
#include "support/catch.hpp"

namespace latchkey::test {

inline std::vector<dispatch::Form> supported_forms() {
  std::vector<dispatch::Form> supported;
  for (const auto& form : dispatch::forms()) {
    if (form.supported()) supported.push_back(form);
  }
  return supported;
}

}  // namespace latchkey::test

// A form for the test case to run with: the test case runs once for each.
#define LATCHKEY_EACH_FORM(form)                                                                 \
  const latchkey::dispatch::Form form = GENERATE(from_range(latchkey::test::supported_forms())); \
  INFO("form " << form.table->name)
