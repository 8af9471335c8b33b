// The backends that this machine can run. Every kernel test runs for each.
#pragma once

#include <vector>

#include "dispatch/dispatch.hpp"

namespace latchkey::test {

inline std::vector<dispatch::Backend> supported_backends() {
  std::vector<dispatch::Backend> supported;
  for (const auto& backend : dispatch::backends()) {
    if (backend.supported()) supported.push_back(backend);
  }
  return supported;
}

}  // namespace latchkey::test

// A backend for the test case to run with: the test case runs once for each.
#define LATCHKEY_EACH_BACKEND(backend)                            \
  const latchkey::dispatch::Backend backend =                     \
      GENERATE(from_range(latchkey::test::supported_backends())); \
  INFO("backend " << backend.kem->name)
