// What `latchkey inspect` finds in a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bytes.hpp"
#include "identities.hpp"
#include "input.hpp"
#include "latchkey/result.hpp"
#include "options.hpp"

namespace latchkey::cli {

struct Finding {
  using Value = std::variant<std::string, bool, std::uint64_t, std::vector<std::string>>;
  struct Fact {
    std::string name;   // in snake_case
    Value value;        // whole
    std::string brief;  // that people are shown in its place, unless it is empty
  };

  explicit Finding(std::string what) : kind(std::move(what)) {}

  std::string kind;
  std::vector<Fact> facts;  // in the order in which they are shown
  // Whether it is as its format asks for, as far as that shows; nothing if it could not be
  // examined.
  std::optional<bool> sound = true;
  bool supported = true;  // whether Latchkey can use it
  std::string reason;     // why not, for either

  void add(std::string name, Value value, std::string brief = "") {
    facts.push_back({std::move(name), std::move(value), std::move(brief)});
  }
  // The file is not what its format asks for.
  void fails(const std::string& why) { sound = false, reason = why; }
  // The format, or a part of it, is not Latchkey's. Of what could not be examined nothing is known.
  void is_unsupported(const std::string& why) { supported = false, reason = why; }
  // Either, as the error says.
  void fails(Error error);
};

// These take the beginning of a file, and read the rest from the input. They return nothing if the
// file is of another kind.
std::optional<Finding> inspect_sealed_file(View first_bytes, Input& input);
// An age file, or a list of identities or recipients.
std::optional<Finding> inspect_age_file(const FirstBytes& first_bytes, Input& input,
                                        const Options& options);

// The whole of a file; nothing if it is of another kind.
std::optional<Finding> inspect_key_file(View file, const Options& options);
// Recognizes a file by its size only; otherwise its kind is unknown.
Finding inspect_raw(View file);

}  // namespace latchkey::cli
