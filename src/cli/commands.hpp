// The commands of the tool, one file each. A command adds itself to the parser, which runs it; it
// prints to stdout, and throws a Failure when it cannot do its work.
#pragma once

#include <CLI/CLI.hpp>

namespace latchkey::cli {

void add_demo(CLI::App& app);
void add_selftest(CLI::App& app);

}  // namespace latchkey::cli
