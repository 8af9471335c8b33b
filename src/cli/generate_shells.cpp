// Completions: what bash, fish and zsh are told of each command and option.
#include <algorithm>

#include "generate.hpp"

namespace latchkey::cli {
namespace {

using std::string;
using std::string_view;

string words_of_commands() {
  std::vector<string_view> names;
  for (const CommandRow& command : commands()) names.push_back(command.name);
  return joined(names);
}

string words_of_options(const CommandRow& command) {
  string words;
  for (const OptionRow* row : command.options) {
    for (const auto& name : names_of(*row)) words += (words.empty() ? "" : " ") + name;
  }
  return words;
}

bool is_file(Value value) { return value == Value::file || value == Value::key; }

string in_quotes(string_view text) { return "'" + escaped(text, "'", "'\\''") + "'"; }

// ---- bash

// A branch for the options that take such values.
template <class Test>
string branch(Test test, const string& what) {
  std::vector<string> names;
  for (const OptionRow* row : all_options()) {
    if (!test(*row)) continue;
    for (auto& name : names_of(*row)) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  return "    " + joined({names.begin(), names.end()}, " | ") + ") " + what + " ;;";
}

Lines values_for_bash(const CommandRow&) {
  Lines lines;
  std::vector<string_view> seen;
  for (const OptionRow* row : all_options()) {
    if (row->value != Value::choice || std::ranges::find(seen, row->name) != seen.end()) continue;
    seen.push_back(row->name);
    lines.push_back(branch([&](const OptionRow& other) { return other.name == row->name; },
                           "words=\"" + string(row->choices) + "\""));
  }
  lines.push_back(branch(
      [](const OptionRow& row) { return row.value == Value::text || row.value == Value::number; },
      "is_free=1"));
  lines.push_back(branch([](const OptionRow& row) { return is_file(row.value); }, "return"));
  return lines;
}

Lines words_for_bash(const CommandRow&) {
  Lines lines = {"    '') echo \"" + words_of_commands() + " " + words_of_options(no_command()) +
                 "\" ;;"};
  for (const CommandRow& command : commands()) {
    lines.push_back("    " + string(command.name) + ") echo \"" + words_of_options(command) +
                    "\" ;;");
  }
  return lines;
}

Lines operands_for_bash(const CommandRow&) {
  std::vector<string_view> names;
  for (const CommandRow& command : commands()) {
    if (is_file(command.operand.value) && !command.operand.shown.empty()) {
      names.push_back(command.name);
    }
  }
  return {"  [[ $1 == @(" + joined(names, "|") + ") ]]"};
}

Lines commands_for_bash(const CommandRow&) {
  return {"  [[ $1 != help ]] || echo \"" + words_of_commands() + "\""};
}

// ---- fish

Lines commands_for_fish(const CommandRow&) {
  Lines lines;
  for (const CommandRow& command : commands()) {
    lines.push_back("complete -c latchkey -n __latchkey_has_no_command -a " + string(command.name) +
                    " -d " + in_quotes(command.help));
  }
  return lines;
}

Lines options_for_fish(const CommandRow&) {
  Lines lines;
  for (const OptionRow* row : all_options()) {
    const auto users = users_of(*row);
    string line = "complete -c latchkey";
    if (users.empty()) {
      line += " -n __latchkey_has_no_command";
    } else if (users.size() < commands().size()) {  // what all have stands before a command, too
      line += " -n " + in_quotes("__latchkey_runs " + joined(users));
    }
    if (row->letter != 0) line += string(" -s ") + row->letter;
    line += " -l " + string(row->name);
    if (is_file(row->value)) line += " -rF";
    if (row->value == Value::text || row->value == Value::number) line += " -x";
    if (row->value == Value::choice) line += " -x -a " + in_quotes(row->choices);
    lines.push_back(line + " -d " + in_quotes(row->help));
  }
  return lines;
}

Lines operands_for_fish(const CommandRow&) {
  Lines lines;
  std::vector<string_view> names;
  for (const CommandRow& command : commands()) {
    if (command.operand.shown.empty()) continue;
    if (is_file(command.operand.value)) names.push_back(command.name);
  }
  lines.push_back("complete -c latchkey -n " + in_quotes("__latchkey_runs " + joined(names)) +
                  " -F");
  lines.push_back("complete -c latchkey -n '__latchkey_runs help' -a " +
                  in_quotes(words_of_commands()));
  return lines;
}

// ---- zsh

Lines commands_for_zsh(const CommandRow&) {
  Lines lines;
  for (const CommandRow& command : commands()) {
    lines.push_back("  " + in_quotes(string(command.name) + ":" + string(command.help)));
  }
  return lines;
}

// What may not be given with an option, itself included.
string excluded_by(const OptionRow& row, const CommandRow& command) {
  string words;
  const auto add = [&](const OptionRow& other) {
    for (const auto& name : names_of(other)) words += (words.empty() ? "" : " ") + name;
  };
  if (row.name == "help" || row.name == "version") return "- *";
  if (!is_repeated(row.field)) add(row);
  for (const auto set : split(command.excludes)) {
    const auto names = split(set, '|');
    if (std::ranges::find(names, row.name) == names.end()) continue;
    for (const auto name : names) {
      if (name != row.name) add(*find_option(command, name));
    }
  }
  return words;
}

string option_for_zsh(const OptionRow& row, const CommandRow& command) {
  const string excluded = excluded_by(row, command);
  string line = excluded.empty() ? "" : in_quotes("(" + excluded + ")");
  if (is_repeated(row.field)) line += "'*'";
  const auto names = names_of(row);
  line += names.size() > 1 ? "{" + names[0] + "," + names[1] + "}" : names[0];
  string text = "[" + escaped(escaped(row.help, "[", "\\["), "]", "\\]") + "]";
  if (row.value != Value::none) {
    text += ":" + escaped(row.shown, ":", "\\:") + ":";
    if (is_file(row.value)) text += "_files";
    if (row.value == Value::choice) text += "(" + string(row.choices) + ")";
  }
  return line + in_quotes(text);
}

Lines options_for_zsh(const CommandRow&) {
  Lines lines;
  for (const CommandRow& command : commands()) {
    string line = "      " + string(command.name) + ") _arguments";
    for (const OptionRow* row : command.options) {
      line += " \\\n          " + option_for_zsh(*row, command);
    }
    const OperandRow& operand = command.operand;
    if (!operand.shown.empty()) {
      const string action = is_file(operand.value) ? "_files" : "(" + words_of_commands() + ")";
      line += " \\\n          " + in_quotes(string(is_repeated(operand.field) ? "*" : "1") + ":" +
                                            string(operand.shown) + ":" + action);
    }
    lines.push_back(line + " ;;");
  }
  return lines;
}

Lines tool_for_zsh(const CommandRow&) {
  string line = "_arguments -C";
  for (const OptionRow* row : no_command().options)
    line += " " + option_for_zsh(*row, no_command());
  return {line + " '1:command:->command' '*::word:->words'"};
}

}  // namespace

const Generators kForBash = {{"values", values_for_bash},
                             {"words", words_for_bash},
                             {"commands", commands_for_bash},
                             {"operands", operands_for_bash}};
const Generators kForFish = {{"commands", commands_for_fish},
                             {"options", options_for_fish},
                             {"operands", operands_for_fish}};
const Generators kForZsh = {
    {"commands", commands_for_zsh}, {"options", options_for_zsh}, {"tool", tool_for_zsh}};

}  // namespace latchkey::cli
