// The backends that this machine can run. Every kernel test runs for each.
#pragma once

#include <cstdlib>
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

// What it has for a parameter set.
template <mlkem::ParameterSet p>
const mlkem::KemTable<p>& kem_of(const dispatch::Backend& backend) {
  const auto all = dispatch::backends();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].hash == backend.hash) return *dispatch::kem_tables<p>()[i];
  }
  std::abort();
}

}  // namespace latchkey::test

// A backend for the test case to run with: the test case runs once for each.
#define LATCHKEY_EACH_BACKEND(backend)                            \
  const latchkey::dispatch::Backend backend =                     \
      GENERATE(from_range(latchkey::test::supported_backends())); \
  INFO("backend " << backend.hash->name)

// A test case that runs for each parameter set, as `p`.
#define LATCHKEY_TEST_OF_SETS(name)                                              \
  TEMPLATE_TEST_CASE_SIG(name, "", ((latchkey::mlkem::ParameterSet p), p),       \
                         latchkey::mlkem::kMlKem512, latchkey::mlkem::kMlKem768, \
                         latchkey::mlkem::kMlKem1024)
