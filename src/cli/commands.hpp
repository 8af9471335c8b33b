// The commands of the tool, one file each. A command adds itself to the parser, which sets `chosen`
// to what it does where the command line names it. That prints to stdout, and throws a Failure when
// it cannot be done.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace latchkey::cli {

void add_demo(CLI::App& app, std::function<void()>& chosen);
void add_selftest(CLI::App& app, std::function<void()>& chosen);

}  // namespace latchkey::cli
