// Any bytes as a vector file: they are refused with a message that names the line, or they are
// records that mean the same when they are written down again; and the library can be run on them.

#include <algorithm>
#include <charconv>
#include <cstring>
#include <sstream>
#include <string>

#include "check.hpp"
#include "report.hpp"
#include "rsp.hpp"
#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

constexpr std::string_view kName = "input";
constexpr std::size_t kMostRecords = 3;  // that the library is run on, for it takes its time

kat::VectorFile parse(const std::string& text) {
  std::istringstream in(text);
  return kat::read_vectors(in, std::string(kName));
}

// "input:LINE: reason", or "input: holds no record".
void check_message(std::string_view message, const std::string& text) {
  require(std::ranges::all_of(message, [](char c) { return c >= ' ' && c <= '~'; }),
          "a message is one line of what can be printed");
  require(message.size() < 400, "it is short");
  require(message.starts_with(kName), "it names the file");
  message.remove_prefix(kName.size());
  if (message == ": holds no record") return;
  require(message.starts_with(':'), "it names the line");
  std::size_t line = 0;
  const auto [end, error] =
      std::from_chars(message.data() + 1, message.data() + message.size(), line);
  require(error == std::errc() && std::string_view(end, 2) == ": ", "by its number");
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  require(line >= 1 && line <= lines, "which is that of a line of the file");
}

std::string written(const kat::VectorFile& file) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const kat::Record& record : file.records) {
    text.append("[").append(record.section->name).append("]\nid = ").append(record.id);
    for (const auto& [name, bytes] : record.fields) {
      text.append("\n").append(name).append(" = ");
      for (const std::uint8_t byte : bytes) {
        text += kDigits[byte / 16];
        text += kDigits[byte % 16];
      }
    }
    text.append(record.must_reject ? "\nresult = reject\n\n" : "\n\n");
  }
  return text;
}

bool same(const kat::Record& a, const kat::Record& b) {
  return a.section == b.section && a.id == b.id && a.fields == b.fields &&
         a.must_reject == b.must_reject;
}

void check_records(const kat::VectorFile& file) {
  for (const kat::Record& record : file.records) {
    for (const auto name : record.section->inputs) {
      require(record.fields.contains(name), "a record has its section's inputs");
    }
    for (const auto name : record.section->outputs) {
      require(record.fields.contains(name) != record.must_reject,
              "and its outputs, unless it is to be rejected");
    }
  }
  const auto again = parse(written(file)).records;
  require(std::ranges::equal(again, file.records, same), "records are what the file says");
}

// Whatever the records say, the library comes to an end with them, and the report does.
void check_run(const kat::VectorFile& file) {
  const auto some = std::span(file.records).first(std::min(kMostRecords, file.records.size()));
  const auto faults = kat::check(some);
  require(faults.size() == some.size(), "every record is checked");
  kat::Report report;
  report.backends = {"any"};
  kat::FileResult result{file.path, "any", 0, 0};
  for (std::size_t i = 0; i < some.size(); ++i) {
    ++(faults[i].empty() ? result.passed : result.failed);
    for (const auto& what : faults[i]) {
      report.failures.push_back({file.path, some[i].line, some[i].id, "any", what});
    }
  }
  report.files.push_back(result);
  std::ostringstream lines, json;
  print_text(lines, report);
  print_json(json, report);
  require(lines.str().ends_with(" failed\n") && json.str().ends_with("}\n"), "there is a report");
  const auto line_count = std::ranges::count(lines.str(), '\n');
  require(line_count == std::ssize(report.failures) + 2, "a fault is one line of it");
  require(std::ranges::none_of(lines.str(), [](char c) { return c >= 0 && c < ' ' && c != '\n'; }),
          "which does a terminal no harm");
}

}  // namespace

void vector_file(View data) {
  const std::string text(data.begin(), data.end());
  kat::VectorFile file;
  try {
    file = parse(text);
  } catch (const kat::MalformedFile& malformed) {
    check_message(malformed.what(), text);
    return;
  }
  check_records(file);
  check_run(file);
}

}  // namespace latchkey::fuzz
