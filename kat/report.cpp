#include "report.hpp"

#include <algorithm>
#include <ostream>

#include "text/text.hpp"

namespace latchkey::kat {
using text::in_one_line;

namespace {

std::string json(const std::string& text) { return text::json_string(text); }
const char* json(bool value) { return value ? "true" : "false"; }

// A JSON array, one element a line.
template <class T, class F>
void print_array(std::ostream& out, const char* name, const std::vector<T>& elements, F print) {
  out << "  \"" << name << "\": [";
  const char* separator = "\n    ";
  for (const T& element : elements) {
    out << separator;
    print(element);
    separator = ",\n    ";
  }
  out << (elements.empty() ? "],\n" : "\n  ],\n");
}

void print_failure(std::ostream& out, const Failure& failure) {
  if (!failure.file.empty()) out << in_one_line(failure.file) << ':' << failure.line << ": ";
  if (!failure.id.empty()) out << "id " << in_one_line(failure.id) << ": ";
  out << failure.backend << ": " << in_one_line(failure.what) << '\n';
}

}  // namespace

std::size_t Report::passed() const {
  std::size_t count = 0;
  for (const auto& file : files) count += file.passed;
  for (const auto& figure : accumulated) count += figure.known && !figure.failed;
  return count;
}

std::size_t Report::failed() const {
  std::size_t count = 0;
  for (const auto& file : files) count += file.failed;
  for (const auto& figure : accumulated) count += figure.failed;
  return count;
}

std::size_t Report::not_compared() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      accumulated, [](const auto& figure) { return !figure.known && !figure.failed; }));
}

void print_text(std::ostream& out, const Report& report) {
  for (const auto& failure : report.failures) print_failure(out, failure);
  for (const auto& file : report.files) {
    out << in_one_line(file.file) << ": " << file.backend << ": " << file.passed << " passed, "
        << file.failed << " failed\n";
  }
  for (const auto& figure : report.accumulated) {
    out << "accumulated, " << figure.set << ", n = " << figure.rounds << ": " << figure.backend
        << ": ";
    if (!figure.figure.empty()) out << figure.figure << ' ';
    out << (figure.failed  ? "failed"
            : figure.known ? "passed"
                           : "(no known digest to compare with)");
    out << '\n';
  }
  out << report.passed() << " passed, " << report.failed() << " failed";
  if (report.not_compared() > 0) out << ", " << report.not_compared() << " not compared";
  out << '\n';
}

void print_json(std::ostream& out, const Report& report) {
  out << "{\n";
  print_array(out, "backends", report.backends,
              [&](const std::string& backend) { out << json(backend); });
  print_array(out, "files", report.files, [&](const FileResult& file) {
    out << "{\"file\": " << json(file.file) << ", \"backend\": " << json(file.backend)
        << ", \"passed\": " << file.passed << ", \"failed\": " << file.failed << "}";
  });
  print_array(out, "accumulated", report.accumulated, [&](const AccumulatedResult& figure) {
    out << "{\"set\": " << json(figure.set) << ", \"n\": " << figure.rounds
        << ", \"backend\": " << json(figure.backend) << ", \"figure\": " << json(figure.figure)
        << ", \"known\": " << json(figure.known) << ", \"passed\": "
        << (figure.failed  ? "false"
            : figure.known ? "true"
                           : "null")
        << "}";
  });
  print_array(out, "failures", report.failures, [&](const Failure& failure) {
    out << "{\"file\": " << json(failure.file) << ", \"line\": " << failure.line
        << ", \"id\": " << json(failure.id) << ", \"backend\": " << json(failure.backend)
        << ", \"what\": " << json(failure.what) << "}";
  });
  out << "  \"passed\": " << report.passed() << ",\n  \"failed\": " << report.failed()
      << ",\n  \"not_compared\": " << report.not_compared() << "\n}\n";
}

}  // namespace latchkey::kat
