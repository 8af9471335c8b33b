// Any words after the tool's name, and after that of the runner of vectors: they ask for something
// to do, or there is a complaint.

#include "command_line.hpp"

#include <algorithm>

#include "arguments.hpp"
#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

// The input's words end at zero bytes, as those of a program do.
std::vector<std::string> read_words(Input& input) {
  std::vector<std::string> words;
  while (!input.empty()) {
    std::string word;
    while (const std::uint8_t byte = input.byte()) word += static_cast<char>(byte);
    words.push_back(word);
  }
  return words;
}

void check_tool(int count, const char* const* words) {
  const cli::CommandLine line = cli::read_command_line(count, words);
  const int outcomes = (line.command != nullptr) + !line.text.empty() + !line.usage.empty() +
                       !line.complaint.empty();
  require(outcomes == 1, "there is a command, something to print or a complaint");
  require(std::ranges::none_of(line.complaint, [](char c) { return c >= 0 && c < ' '; }),
          "a complaint is one line");
  require((count == 1) == !line.usage.empty(), "without words, there is the usage");
}

void check_runner(int count, const char* const* words) {
  const kat::Arguments arguments = kat::read_arguments(count, words);
  const bool complains = !arguments.complaint.empty(), prints = !arguments.text.empty();
  require(!complains || !prints, "words that make no sense print nothing");
  if (complains || prints) return;
  require(!arguments.backends.empty(), "a run has a backend");
  require(!arguments.paths.empty() || !arguments.rounds.empty(), "a run has something to check");
  for (const auto& name : arguments.backends) {
    require(std::ranges::any_of(supported_backends(),
                                [&](auto& backend) { return backend.hash->name == name; }),
            "it can run here");
  }
  for (const std::uint64_t n : arguments.rounds) {
    require(n >= 1 && n <= 1'000'000'000'000, "a number of rounds is in its range");
  }
}

}  // namespace

void command_line(View data) {
  Input input(data);
  const bool tool = input.byte() % 2 == 0;
  const std::vector<std::string> words = read_words(input);
  std::vector<const char*> pointers = {"program"};
  for (const auto& word : words) pointers.push_back(word.c_str());
  const auto count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);
  (tool ? check_tool : check_runner)(count, pointers.data());
}

}  // namespace latchkey::fuzz
