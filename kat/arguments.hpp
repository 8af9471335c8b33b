// What the words after `latchkey-kat` ask for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace latchkey::kat {

struct Arguments {
  std::vector<std::string> paths;  // of vector files
  std::vector<std::string> backends;
  std::vector<std::uint64_t> rounds;  // an accumulated digest each
  bool as_json = false;

  std::string text;       // to print instead of a run: help
  std::string complaint;  // why the words make no sense
};

// Runs nothing. argv[0] is the program's name.
Arguments read_arguments(int argc, const char* const* argv);

}  // namespace latchkey::kat
