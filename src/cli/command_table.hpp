// The table of commands and options. The parser, the help, the completions of the shells and the
// manual come from it, so that an option stands in one place.
//
// To add an option: a member in options.hpp, a row in command_table.cpp and its name in the list of
// each command that has it. To add a command: a row, what it does in docs/latchkey.1, and its
// function in command_line.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "options.hpp"

namespace latchkey::cli {

// What a value may be. Completions offer files, the choices, or nothing.
enum class Value : std::uint8_t {
  none,    // a flag
  file,    // a path, not empty: an empty one usually comes from an unset shell variable
  key,     // a path or a recipient of age, not empty
  text,    // of at most `most` bytes; not empty if `least` is not 0
  number,  // from `least` to `most`
  choice,  // a word of `choices`
};

// Where a value goes. A vector takes the values of an option that may be repeated.
using Field = std::variant<bool& (*)(Options&), int& (*)(Options&), std::string& (*)(Options&),
                           std::vector<std::string>& (*)(Options&),
                           std::vector<std::uint64_t>& (*)(Options&)>;

// The member of Options that `members` lead to.
template <auto... members>
auto& field(Options& options) {
  return (options.*....*members);
}

struct OptionRow {
  char letter = 0;         // without a dash; 0 if there is none
  std::string_view name;   // without dashes
  std::string_view shown;  // in place of the value: FILE
  Value value = Value::none;
  Field field;
  std::string_view help;          // what it does, without a full stop
  std::string_view more = {};     // what the manual says besides, in sentences
  std::string_view choices = {};  // separated by spaces
  std::uint64_t least = 0, most = 0;
};

// The operand of a command. If `shown` is empty, the command takes no operand.
struct OperandRow {
  std::string_view shown = {};
  Value value = Value::file;
  Field field = {};
  std::string_view help = {};
};

// In a list of names, spaces separate the entries, and '|' the names in an entry.
struct CommandRow {
  std::string_view name;
  std::string_view help;  // what it does, without a full stop
  std::span<const OptionRow* const> options;
  OperandRow operand = {};
  std::string_view needs = {};     // options, one of each entry at least
  std::string_view excludes = {};  // options, one of each entry at most
};

// The commands, in the order of the help.
std::span<const CommandRow> commands() noexcept;
// Null if there is none of that name.
const CommandRow* find_command(std::string_view name) noexcept;
// What may stand in place of a command: --help and --version.
const CommandRow& no_command() noexcept;

// Null if the command has none of that name, or of that letter.
const OptionRow* find_option(const CommandRow& command, std::string_view name) noexcept;
const OptionRow* find_letter(const CommandRow& command, char letter) noexcept;

// As it is typed: "-i FILE", or "--password-fd N".
std::string short_form(const OptionRow& row);

// Whether it takes several values.
bool is_repeated(const Field& field) noexcept;

// The entries of a list.
std::vector<std::string_view> split(std::string_view list, char separator = ' ');

}  // namespace latchkey::cli
