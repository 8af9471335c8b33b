// Fills in a template from the table of commands, when the tool is built:
// `generate bash|fish|zsh|manual TEMPLATE` prints TEMPLATE with the lists in place of the lines
// that are, behind a comment's sign, @NAME@ or @NAME COMMAND@.
#include "generate.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

namespace latchkey::cli {

std::string escaped(std::string_view text, std::string_view what, std::string_view by) {
  std::string result(text);
  for (std::size_t at = 0; (at = result.find(what, at)) != result.npos; at += by.size()) {
    result.replace(at, what.size(), by);
  }
  return result;
}

std::vector<std::string_view> users_of(const OptionRow& row) {
  std::vector<std::string_view> users;
  for (const CommandRow& command : commands()) {
    if (std::ranges::find(command.options, &row) != command.options.end()) {
      users.push_back(command.name);
    }
  }
  return users;
}

std::vector<const OptionRow*> all_options() {
  std::vector<const OptionRow*> all;
  const auto add = [&](const CommandRow& command) {
    for (const OptionRow* row : command.options) {
      if (std::ranges::find(all, row) == all.end()) all.push_back(row);
    }
  };
  for (const CommandRow& command : commands()) add(command);
  add(no_command());
  return all;
}

std::string joined(const std::vector<std::string_view>& words, std::string_view separator) {
  std::string text;
  for (const auto word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

std::vector<std::string> names_of(const OptionRow& row) {
  std::vector<std::string> names;
  if (row.letter != 0) names.push_back(std::string("-") + row.letter);
  names.push_back("--" + std::string(row.name));
  return names;
}

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "generate: %s\n", what.c_str());
  std::exit(1);
}

// The words between the signs, or none.
std::vector<std::string_view> marked(std::string_view line) {
  const auto first = line.find('@');
  if (first == line.npos || !line.ends_with('@') || line.size() < first + 2) return {};
  if (line.substr(0, first).find_first_not_of(" #.\\\"") != line.npos) return {};
  return split(line.substr(first + 1, line.size() - first - 2));
}

void fill(std::istream& from, const Generators& generators) {
  for (std::string line; std::getline(from, line);) {
    const auto words = marked(line);
    if (words.empty()) {
      std::cout << line << '\n';
      continue;
    }
    const auto generator = generators.find(std::string(words[0]));
    const CommandRow* const command = words.size() > 1 ? find_command(words[1]) : &no_command();
    if (generator == generators.end() || command == nullptr) fail("unknown line " + line);
    for (const auto& made : generator->second(*command)) std::cout << made << '\n';
  }
}

}  // namespace
}  // namespace latchkey::cli

int main(int argc, char** argv) {
  using namespace latchkey::cli;
  const std::map<std::string, const Generators*> kinds = {
      {"bash", &kForBash}, {"fish", &kForFish}, {"zsh", &kForZsh}, {"manual", &kForManual}};
  if (argc != 3 || !kinds.contains(argv[1])) fail("bash|fish|zsh|manual TEMPLATE are needed");
  std::ifstream file(argv[2]);
  if (!file) fail(std::string("cannot open ") + argv[2]);
  fill(file, *kinds.at(argv[1]));
  std::cout.flush();
  if (!std::cout) fail("cannot write");
}
