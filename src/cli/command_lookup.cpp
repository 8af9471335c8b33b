// Finds rows of the table of commands, and takes them apart.
#include <algorithm>

#include "command_table.hpp"

namespace latchkey::cli {

const CommandRow* find_command(std::string_view name) noexcept {
  const auto found = std::ranges::find(commands(), name, &CommandRow::name);
  return found != commands().end() ? &*found : nullptr;
}

const OptionRow* find_option(const CommandRow& command, std::string_view name) noexcept {
  const auto found = std::ranges::find(command.options, name, &OptionRow::name);
  return found != command.options.end() ? *found : nullptr;
}

const OptionRow* find_letter(const CommandRow& command, char letter) noexcept {
  const auto found = std::ranges::find_if(
      command.options, [&](const OptionRow* row) { return letter != 0 && row->letter == letter; });
  return found != command.options.end() ? *found : nullptr;
}

std::string short_form(const OptionRow& row) {
  std::string form = row.letter != 0 ? std::string("-") + row.letter : "--" + std::string(row.name);
  if (row.value != Value::none) form += " " + std::string(row.shown);
  return form;
}

bool is_repeated(const Field& field) noexcept {
  return std::holds_alternative<std::vector<std::string>& (*)(Options&)>(field) ||
         std::holds_alternative<std::vector<std::uint64_t>& (*)(Options&)>(field);
}

std::vector<std::string_view> split(std::string_view list, char separator) {
  std::vector<std::string_view> entries;
  while (!list.empty()) {
    const auto end = std::min(list.find(separator), list.size());
    if (end > 0) entries.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return entries;
}

}  // namespace latchkey::cli
