// The commands of the tool, one file each. A command prints to stdout, and throws a Failure when it
// cannot do its work. main.cpp alone knows the command line: its parser takes seconds to compile.
#pragma once

namespace latchkey::cli {

void demo();
void selftest();

}  // namespace latchkey::cli
