// The commands of the tool, one file each. A command prints to stdout, and throws a Failure when it
// cannot do its work. command_line.cpp alone knows their names: the parser takes seconds to
// compile.
#pragma once

namespace latchkey::cli {

void demo();
void selftest();

}  // namespace latchkey::cli
