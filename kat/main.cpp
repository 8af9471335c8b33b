// latchkey-kat: checks the library against files of known answers and accumulated figures.
//
// Exits with 0 if all passed, 1 if an answer is wrong, if a file cannot be read or if nothing was
// compared, 2 if the command line is wrong.

#include <iostream>

#include "accumulated.hpp"
#include "arguments.hpp"
#include "check.hpp"
#include "dispatch/dispatch.hpp"
#include "report.hpp"
#include "rsp.hpp"
#include "text/text.hpp"

namespace latchkey::kat {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int complain(int status, const std::string& what) {
  std::cerr << "latchkey-kat: " << text::in_one_line(what) << '\n';
  return status;
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
  for (const MlKem set : {MlKem::k512, MlKem::k768, MlKem::k1024}) {
    const std::string name = "ML-KEM-" + std::to_string(static_cast<unsigned>(set));
    const Accumulated result = accumulate(set, rounds);
    if (!result.failure.empty()) {
      const std::string what = "accumulated, " + name + ", n = " + std::to_string(rounds) + ": ";
      report.failures.push_back({{}, 0, {}, backend, what + result.failure});
    }
    report.accumulated.push_back(
        {name, rounds, backend, result.figure, !result.expected.empty(), !result.failure.empty()});
  }
}

Report make_report(const Arguments& arguments) {
  Report report;
  report.backends = arguments.backends;
  std::vector<VectorFile> files;
  for (const auto& path : arguments.paths) files.push_back(read_vectors(path));
  for (const auto& backend : report.backends) {
    if (!dispatch::use(backend)) throw std::runtime_error("cannot use backend " + backend);
    for (const auto& file : files) run_file(report, file, backend);
    for (const std::uint64_t n : arguments.rounds) run_accumulated(report, n, backend);
  }
  return report;
}

int run(int argc, char** argv) {
  try {
    const Arguments arguments = read_arguments(argc, argv);
    if (!arguments.complaint.empty()) return complain(kUsage, arguments.complaint);
    Report report;
    if (!arguments.text.empty()) {
      std::cout << arguments.text;
    } else {
      report = make_report(arguments);
      (arguments.as_json ? print_json : print_text)(std::cout, report);
    }
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("the output could not be written");
    if (report.failed() > 0) return kFailed;
    if (report.passed() == 0 && report.not_compared() > 0) {
      throw std::runtime_error(
          "nothing was compared: digests are known for 100, 1000 and 10000 rounds");
    }
    return 0;
  } catch (const std::exception& error) {
    return complain(kFailed, error.what());
  }
}

}  // namespace
}  // namespace latchkey::kat

int main(int argc, char** argv) { return latchkey::kat::run(argc, argv); }
