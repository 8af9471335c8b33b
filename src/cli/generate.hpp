// What is made of the table of commands when the tool is built: completions and the manual's lists.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "command_table.hpp"

namespace latchkey::cli {

// What a line @NAME@ or @NAME COMMAND@ of a template becomes.
using Lines = std::vector<std::string>;
using Generators = std::map<std::string, Lines (*)(const CommandRow& command)>;

extern const Generators kForBash, kForFish, kForZsh, kForManual;

// The text without its mark, in front of what the lists of a shell or of the manual take for one.
std::string escaped(std::string_view text, std::string_view what, std::string_view by);

// The commands that have an option.
std::vector<std::string_view> users_of(const OptionRow& row);
// The options of all commands, each once, in the order of the commands. Those of one name that
// differ in their text are different options.
std::vector<const OptionRow*> all_options();
// Words with a separator between them.
std::string joined(const std::vector<std::string_view>& words, std::string_view separator = " ");
// "-o", "--output", or the long one alone.
std::vector<std::string> names_of(const OptionRow& row);

}  // namespace latchkey::cli
