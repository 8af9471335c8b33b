// The words behind a command, read by its row of the table of commands.
#pragma once

#include <span>
#include <stdexcept>
#include <string>

#include "command_table.hpp"

namespace latchkey::cli {

// Why the command line is wrong, and what was probably meant. The text repeats words as they are.
struct Complaint : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What the words set. Options may stand among other words, up to "--"; letters may stand together,
// and before a value. Reads no further than --help. `program` is what is typed before the words,
// for messages: "latchkey open". Throws a Complaint.
Options parse(const CommandRow& command, const std::string& program,
              std::span<const char* const> words);

// "; did you mean 'open'?", or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates,
                       std::string_view dashes = {});

}  // namespace latchkey::cli
