#include "command_line.hpp"

#include <algorithm>
#include <cstdlib>

#include "commands.hpp"
#include "exposure.hpp"
#include "failure.hpp"
#include "help.hpp"
#include "parse.hpp"

namespace latchkey::cli {
namespace {

using Words = std::span<const char* const>;

struct Function {
  std::string_view command;
  void (*run)(const Options&);
};

constexpr Function kFunctions[] = {
    {"keygen", keygen},
    {"pubkey", pubkey},
    {"fingerprint", fingerprint},
    {"convert", convert},
    {"passwd", passwd},
    {"seal", seal},
    {"open", open},
    {"encaps", encaps},
    {"decaps", decaps},
    {"inspect", inspect},
    {"kat", kat},
    {"tls-check", tls_check},
    {"speed", speed},
    {"selftest", [](const Options&) { selftest(); }},
    {"demo", [](const Options&) { demo(); }},
    {"version", [](const Options&) { version(); }},
};

const CommandRow& command_named(const std::string& name) {
  if (const CommandRow* command = find_command(name)) return *command;
  std::vector<std::string_view> names;
  for (const CommandRow& command : commands()) names.push_back(command.name);
  const std::string near = suggestion(name, names);
  throw Complaint("unknown command '" + name + "'" +
                  (!near.empty() ? near : "; 'latchkey help' lists the commands"));
}

std::string help_about(const std::string& topic) {
  return topic.empty() ? help_of_tool() : help_of(command_named(topic), "latchkey " + topic);
}

// Other options stand behind a command.
void read_before_command(Words words, CommandLine& line) {
  const std::string word = words.front();
  const auto has_it = [&](const CommandRow& command) {
    return word.size() == 2 ? find_letter(command, word[1]) != nullptr
                            : find_option(command, std::string_view(word).substr(2)) != nullptr;
  };
  if (!has_it(no_command()) && std::ranges::any_of(commands(), has_it)) {
    throw Complaint("option '" + word + "' must come after the command");
  }
  const Options options = parse(no_command(), "latchkey", words);
  if (options.help) {
    line.text = help_of_tool();
  } else if (options.version) {
    line.text = "latchkey " LATCHKEY_VERSION "\n";
  } else {
    throw Complaint("the command is missing; 'latchkey help' lists the commands");
  }
}

void read(Words words, CommandLine& line) {
  if (words.empty()) {
    line.usage = help_of_tool();
    return;
  }
  const std::string name = words.front();
  if (name.starts_with('-') && name.size() > 1) return read_before_command(words, line);
  const CommandRow& command = command_named(name);
  words = words.subspan(1);
  Options options;
  if (name == "kat") {  // its words are another program's
    options.files.assign(words.begin(), words.end());
  } else {
    options = parse(command, "latchkey " + name, words);
  }
  if (options.help) {
    line.text = help_about(name);
  } else if (name == "help") {
    line.text = help_about(options.topic);
  } else {
    const auto* const function = std::ranges::find(kFunctions, name, &Function::command);
    if (function == std::end(kFunctions)) std::abort();  // a test asks for every command
    line.command = [run = function->run, options = std::move(options)] {
      if (options.allow_readable) allow_readable_secrets();
      run(options);
    };
  }
}

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
  CommandLine line;
  try {
    read(Words(argv, static_cast<std::size_t>(argc)).subspan(1), line);
  } catch (const Complaint& complaint) {
    line.complaint = in_one_line(complaint.what());
  }
  return line;
}

}  // namespace latchkey::cli
