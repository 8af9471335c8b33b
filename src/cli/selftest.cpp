// `latchkey selftest`: the library's known-answer test.
#include <cstdio>

#include "commands.hpp"
#include "failure.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey::cli {

void selftest() {
  if (const auto result = self_test(); !result) throw Failure(describe(result.error()));
  std::printf(
      "self-test passed: key generation, encapsulation, decapsulation and implicit rejection "
      "(backend %s)\n",
      backend_name());
}

}  // namespace latchkey::cli
