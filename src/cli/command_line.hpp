// What the words after `latchkey` ask for.
#pragma once

#include <functional>
#include <string>

namespace latchkey::cli {

// One of the four.
struct CommandLine {
  std::function<void()> command;  // to run; throws a Failure
  std::string text;               // to print: help, or the version
  std::string usage;              // to print on stderr: there are no words
  std::string complaint;          // why the words make no sense, in one line
};

// Runs nothing. argv[0] is the program's name.
CommandLine read_command_line(int argc, const char* const* argv);

}  // namespace latchkey::cli
