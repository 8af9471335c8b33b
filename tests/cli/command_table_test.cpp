// The table of commands: whatever it lists can be typed, and does something.
#include "command_table.hpp"

#include <set>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "nearest.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using cli::CommandRow;
using cli::OptionRow;

cli::CommandLine read(const std::vector<std::string>& words) {
  std::vector<const char*> pointers = {"latchkey"};
  for (const auto& word : words) pointers.push_back(word.c_str());
  return cli::read_command_line(static_cast<int>(pointers.size()), pointers.data());
}

std::string value_for(const OptionRow& row) {
  switch (row.value) {
    case cli::Value::choice:
      return std::string(cli::split(row.choices).front());
    case cli::Value::number:
      return std::to_string(row.least);
    default:
      return "x";
  }
}

void add(std::vector<std::string>& words, const OptionRow& row) {
  words.push_back("--" + std::string(row.name));
  if (row.value != cli::Value::none) words.push_back(value_for(row));
}

// A command with what it needs.
std::vector<std::string> words_of(const CommandRow& command) {
  std::vector<std::string> words = {std::string(command.name)};
  for (const auto names : cli::split(command.needs)) {
    add(words, *cli::find_option(command, cli::split(names, '|').front()));
  }
  return words;
}

TEST_CASE("Every command of the table does something") {
  for (const CommandRow& command : cli::commands()) {
    const auto line = read(words_of(command));
    CAPTURE(command.name, line.complaint);
    REQUIRE((line.command != nullptr || !line.text.empty()));
  }
}

TEST_CASE("Every option of a command can be given with what the command needs") {
  for (const CommandRow& command : cli::commands()) {
    for (const OptionRow* row : command.options) {
      auto words = words_of(command);
      const std::string name = "--" + std::string(row->name);
      if (std::find(words.begin(), words.end(), name) == words.end()) add(words, *row);
      const auto line = read(words);
      CAPTURE(command.name, row->name, line.complaint);
      REQUIRE((line.command != nullptr || !line.text.empty()));
    }
  }
}

TEST_CASE("No command has two options of one name or letter, and each option has a help") {
  for (const CommandRow& command : cli::commands()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const OptionRow* row : command.options) {
      CAPTURE(command.name, row->name);
      REQUIRE(names.insert(row->name).second);
      REQUIRE((row->letter == 0 || letters.insert(row->letter).second));
      REQUIRE(!row->help.empty());
      REQUIRE(row->help.back() != '.');
      REQUIRE((row->value == cli::Value::none) == row->shown.empty());
      REQUIRE((row->more.empty() || row->more.back() == '.'));
    }
    REQUIRE(names.contains("help"));
  }
}

TEST_CASE("Each option in a command's lists of needs and exclusions is an option of it") {
  for (const CommandRow& command : cli::commands()) {
    for (const auto list : {command.needs, command.excludes}) {
      for (const auto entry : cli::split(list)) {
        for (const auto name : cli::split(entry, '|')) {
          CAPTURE(command.name, name);
          REQUIRE(cli::find_option(command, name) != nullptr);
        }
      }
    }
  }
}

TEST_CASE("The nearest word is the only one that begins so, or takes the fewest changes") {
  const std::vector<std::string_view> words = {"open", "seal", "seals", "inspect", "keygen"};
  REQUIRE(cli::nearest("ins", words) == "inspect");
  REQUIRE(cli::nearest("se", words).empty());      // two begin so, and both are far
  REQUIRE(cli::nearest("sael", words) == "seal");  // an exchange is one change
  REQUIRE(cli::nearest("opne", words) == "open");
  REQUIRE(cli::nearest("kygen", words) == "keygen");
  REQUIRE(cli::nearest("keygne", words) == "keygen");
  REQUIRE(cli::nearest("xyz", words).empty());
  REQUIRE(cli::nearest("", words).empty());
  REQUIRE(cli::nearest(std::string(1000, 'x'), words).empty());
}

}  // namespace
}  // namespace latchkey::test
