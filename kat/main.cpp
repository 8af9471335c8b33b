// latchkey-kat: checks the library against files of known answers and accumulated figures.
//
// Exits with 0 if all passed, 1 if any answer is wrong, 2 if the run could not be made.

#include <CLI/CLI.hpp>
#include <iostream>

#include "accumulated.hpp"
#include "check.hpp"
#include "dispatch/dispatch.hpp"
#include "latchkey/mlkem768.hpp"
#include "report.hpp"
#include "rsp.hpp"

namespace latchkey::kat {
namespace {

constexpr int kWrongAnswer = 1;
constexpr int kNoRun = 2;

// The backends to run, from what --backend says.
std::vector<std::string> chosen_backends(const std::string& wish) {
  if (wish.empty()) return {backend_name()};
  std::vector<std::string> available;
  std::string list;
  for (const auto& row : dispatch::rows()) {
    if (!row.supported()) continue;
    if (wish == row.kem->name) return {wish};
    available.emplace_back(row.kem->name);
    list.append(list.empty() ? "" : ", ").append(row.kem->name);
  }
  if (wish == "all") return available;
  throw std::runtime_error("--backend: '" + wish + "' is not among those that run here: " + list);
}

void run_file(Report& report, const VectorFile& file, const std::string& backend) {
  FileResult result{file.path, backend, 0, 0};
  const auto faults = check(file.records);
  for (std::size_t i = 0; i < file.records.size(); ++i) {
    const Record& record = file.records[i];
    ++(faults[i].empty() ? result.passed : result.failed);
    for (const auto& what : faults[i]) {
      report.failures.push_back({file.path, record.line, record.id, backend, what});
    }
  }
  report.files.push_back(std::move(result));
}

void run_accumulated(Report& report, std::uint64_t rounds, const std::string& backend) {
  const Accumulated result = accumulate(rounds);
  if (!result.failure.empty()) {
    const std::string name = "accumulated, n = " + std::to_string(rounds) + ": ";
    report.failures.push_back({{}, 0, {}, backend, name + result.failure});
  }
  report.accumulated.push_back(
      {rounds, backend, result.figure, !result.expected.empty(), result.failure.empty()});
}

int run(int argc, char** argv) {
  CLI::App app("Checks Latchkey against files of known answers and accumulated figures.");
  std::vector<std::string> paths;
  app.add_option("FILE", paths, "Vector files; kat/README.md has the format");
  std::string wish;
  app.add_option("--backend", wish, "Its name, or 'all'; else the best one for this machine");
  std::vector<std::uint64_t> rounds;
  auto* accumulated =
      app.add_option("--accumulated", rounds, "Rounds of the accumulated figure; may be repeated")
          ->allow_extra_args(false)
          ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}, "1 or more"))
          ->type_name("N");
  bool none = false;
  app.add_flag("--no-accumulated", none, "Check the files alone")->excludes(accumulated);
  bool as_json = false;
  app.add_flag("--json", as_json, "Print one JSON object");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kNoRun;
  }
  if (rounds.empty() && !none) rounds = {10'000};

  try {
    if (none && paths.empty()) throw std::runtime_error("nothing to check: name a file");
    Report report;
    report.backends = chosen_backends(wish);
    std::vector<VectorFile> files;
    for (const auto& path : paths) files.push_back(read_vectors(path));
    for (const auto& backend : report.backends) {
      if (!dispatch::use(backend)) throw std::runtime_error("cannot use backend " + backend);
      for (const auto& file : files) run_file(report, file, backend);
      for (const std::uint64_t n : rounds) run_accumulated(report, n, backend);
    }
    (as_json ? print_json : print_text)(std::cout, report);
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("the report could not be written");
    return report.failed() == 0 ? 0 : kWrongAnswer;
  } catch (const std::exception& error) {
    std::cerr << "latchkey-kat: " << error.what() << '\n';
    return kNoRun;
  }
}

}  // namespace
}  // namespace latchkey::kat

int main(int argc, char** argv) { return latchkey::kat::run(argc, argv); }
