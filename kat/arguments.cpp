#include "arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "dispatch/dispatch.hpp"
#include "latchkey/mlkem768.hpp"

namespace latchkey::kat {
namespace {

// Sets the backends to run, from what --backend says.
void choose_backends(Arguments& arguments, const std::string& wish) {
  std::vector<std::string> available;
  std::string list;
  for (const auto& row : dispatch::rows()) {
    if (!row.supported()) continue;
    available.emplace_back(row.kem->name);
    list.append(list.empty() ? "" : ", ").append(row.kem->name);
  }
  if (wish.empty()) {
    arguments.backends = {backend_name()};
  } else if (wish == "all") {
    arguments.backends = available;
  } else if (std::ranges::find(available, wish) != available.end()) {
    arguments.backends = {wish};
  } else {
    arguments.complaint = "--backend: '" + wish + "' is not among those that run here: " + list;
  }
}

}  // namespace

Arguments read_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App app("Checks Latchkey against files of known answers and accumulated figures.",
               "latchkey-kat");
  app.add_option("FILE", arguments.paths, "Vector files; kat/README.md has the format");
  std::string wish;
  app.add_option("--backend", wish, "Its name, or 'all'; else the best one for this machine");
  auto* accumulated =
      app.add_option("--accumulated", arguments.rounds,
                     "Rounds of the accumulated figure; may be repeated")
          ->allow_extra_args(false)
          ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}, "1 or more"))
          ->type_name("N");
  bool none = false;
  app.add_flag("--no-accumulated", none, "Check the files alone")->excludes(accumulated);
  app.add_flag("--json", arguments.as_json, "Print one JSON object");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      std::ostringstream text;
      app.exit(error, text, text);
      arguments.text = text.str();
    } else {
      arguments.complaint = error.what();
    }
    return arguments;
  }
  if (arguments.rounds.empty() && !none) arguments.rounds = {10'000};
  if (none && arguments.paths.empty()) {
    arguments.complaint = "nothing to check: name a file";
  } else {
    choose_backends(arguments, wish);
  }
  return arguments;
}

}  // namespace latchkey::kat
