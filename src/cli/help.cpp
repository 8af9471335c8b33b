#include "help.hpp"

#include <algorithm>

namespace latchkey::cli {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t kColumns = 80;

// A list of names with what is said of each, in two columns.
class List {
 public:
  void add(string name, string_view text) { rows_.emplace_back(std::move(name), text); }

  [[nodiscard]] string text() const {
    std::size_t width = 0;
    for (const auto& [name, text] : rows_) width = std::max(width, name.size());
    string all;
    for (const auto& [name, text] : rows_) {
      string line = "  " + name + string(width - name.size(), ' ') + " ";
      for (const string_view word : split(text)) {
        if (line.size() + 1 + word.size() >= kColumns) {
          all += line + "\n";
          line = string(width + 3, ' ');
        }
        line += " " + string(word);
      }
      all += line + "\n";
    }
    return all;
  }

 private:
  std::vector<std::pair<string, string_view>> rows_;
};

string names_of(const OptionRow& row) {
  string names = row.letter != 0 ? string("-") + row.letter + ", " : "    ";
  names += "--" + string(row.name);
  if (row.value != Value::none) names += " " + string(row.shown);
  return names;
}

string options_of(const CommandRow& command) {
  List list;
  for (const OptionRow* row : command.options) list.add(names_of(*row), row->help);
  return "Options:\n" + list.text();
}

}  // namespace

string help_of_tool() {
  List list;
  for (const CommandRow& command : commands()) list.add(string(command.name), command.help);
  return "Usage: latchkey COMMAND [OPTION]... [FILE]\n\n" + string(no_command().help) +
         ".\n\nCommands:\n" + list.text() + "\n" + options_of(no_command()) +
         "\n'latchkey help COMMAND' explains a command.\n";
}

string help_of(const CommandRow& command, const string& program) {
  string usage = "Usage: " + program;
  for (const auto names : split(command.needs)) {
    string forms;
    for (const auto name : split(names, '|')) {
      forms += (forms.empty() ? "" : " | ") + short_form(*find_option(command, name));
    }
    usage += names.find('|') == names.npos ? " " + forms : " (" + forms + ")";
  }
  usage += " [OPTION]...";
  const OperandRow& operand = command.operand;
  List operands;
  if (!operand.shown.empty()) {
    usage += " [" + string(operand.shown) + "]" + (is_repeated(operand.field) ? "..." : "");
    operands.add(string(operand.shown), operand.help);
  }
  return usage + "\n\n" + string(command.help) + ".\n\n" +
         (operand.shown.empty() ? "" : operands.text() + "\n") + options_of(command);
}

}  // namespace latchkey::cli
