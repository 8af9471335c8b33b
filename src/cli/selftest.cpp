// `latchkey selftest`: the library's known-answer test.
#include <cstdio>

#include "commands.hpp"
#include "failure.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey::cli {
namespace {

void selftest() {
  if (const auto result = self_test(); !result) fail("self-test", result.error());
  std::printf(
      "self-test passed: key generation, encapsulation, decapsulation and implicit rejection "
      "(backend %s)\n",
      backend_name());
}

}  // namespace

void add_selftest(CLI::App& app, std::function<void()>& chosen) {
  app.add_subcommand("selftest", "Check the library against fixed answers")->callback([&] {
    chosen = selftest;
  });
}

}  // namespace latchkey::cli
