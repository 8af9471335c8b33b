// What a run found, and its two forms: lines for people, one JSON object for programs.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace latchkey::kat {

struct Failure {
  std::string file;  // empty for an accumulated figure
  std::size_t line;
  std::string id;
  std::string backend;
  std::string what;
};

struct FileResult {
  std::string file;
  std::string backend;
  std::size_t passed, failed;
};

struct AccumulatedResult {
  std::string set;
  std::uint64_t rounds;
  std::string backend;
  std::string figure;
  bool known;  // whether there was a figure to compare with; if not, nothing was checked
  bool failed;
};

struct Report {
  std::vector<std::string> backends;
  std::vector<FileResult> files;
  std::vector<AccumulatedResult> accumulated;
  std::vector<Failure> failures;

  // Records and accumulated figures.
  std::size_t passed() const;
  std::size_t failed() const;
  std::size_t not_compared() const;
};

void print_text(std::ostream& out, const Report& report);
void print_json(std::ostream& out, const Report& report);

}  // namespace latchkey::kat
