#include "arguments.hpp"

#include <algorithm>
#include <cstdlib>

#include "dispatch/dispatch.hpp"
#include "help.hpp"
#include "latchkey/mlkem768.hpp"
#include "parse.hpp"

namespace latchkey::kat {
namespace {

constexpr const char* kProgram = "latchkey-kat";

// The backends to run, from what --backend says.
std::vector<std::string> choose_backends(const std::string& wish) {
  std::vector<std::string> available;
  std::string list;
  for (const auto& backend : dispatch::backends()) {
    if (!backend.supported()) continue;
    available.emplace_back(backend.hash->name);
    list.append(list.empty() ? "" : ", ").append(backend.hash->name);
  }
  if (wish.empty()) {
    const char* const set = secure_getenv("LATCHKEY_BACKEND");
    if (set == nullptr || *set == '\0') return {backend_name()};
    return choose_backends(set);
  }
  if (wish == "all") return available;
  if (std::ranges::find(available, wish) != available.end()) return {wish};
  throw cli::Complaint("the backend '" + wish +
                       "' does not run on this machine; those that do: " + list);
}

}  // namespace

Arguments read_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  const cli::CommandRow& command = *cli::find_command("kat");
  const std::span words(argv, static_cast<std::size_t>(argc));
  try {
    cli::Options options = cli::parse(command, kProgram, words.subspan(1));
    if (options.help) {
      arguments.text = cli::help_of(command, kProgram);
      return arguments;
    }
    if (options.no_accumulated && options.files.empty()) {
      throw cli::Complaint("nothing to check: name a file");
    }
    arguments.backends = choose_backends(options.backend);
    arguments.paths = std::move(options.files);
    arguments.rounds = std::move(options.rounds);
    if (arguments.rounds.empty() && !options.no_accumulated) arguments.rounds = {10'000};
    arguments.as_json = options.json;
  } catch (const cli::Complaint& complaint) {
    arguments.complaint = complaint.what();
  }
  return arguments;
}

}  // namespace latchkey::kat
