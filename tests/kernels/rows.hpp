// The backends that this machine can run. Every kernel test runs for each.
#pragma once

#include <vector>

#include "dispatch/dispatch.hpp"

namespace latchkey::test {

inline std::vector<dispatch::Row> supported_rows() {
  std::vector<dispatch::Row> supported;
  for (const auto& row : dispatch::rows()) {
    if (row.supported()) supported.push_back(row);
  }
  return supported;
}

}  // namespace latchkey::test

// A row for the test case to run with: the test case runs once for each.
#define LATCHKEY_EACH_ROW(row)                                                                \
  const latchkey::dispatch::Row row = GENERATE(from_range(latchkey::test::supported_rows())); \
  INFO("backend " << row.kem->name)
