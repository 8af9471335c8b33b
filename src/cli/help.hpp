// What --help prints, made from the table of commands.
#pragma once

#include <string>

#include "command_table.hpp"

namespace latchkey::cli {

// The commands, and the options that stand before one. Ends with a newline, as the other does.
std::string help_of_tool();
// A command's options. `program` is what is typed before them: "latchkey open".
std::string help_of(const CommandRow& command, const std::string& program);

}  // namespace latchkey::cli
