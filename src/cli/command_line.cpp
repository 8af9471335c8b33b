#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <sstream>

#include "commands.hpp"
#include "failure.hpp"

namespace latchkey::cli {
namespace {

std::string complaint_of_extra(const CLI::App& app) {
  const std::string extra = app.remaining(true).front();
  if (!app.get_subcommands().empty() || extra.starts_with('-')) {
    return "unexpected argument '" + extra + "'";
  }
  return "unknown command '" + extra + "'; 'latchkey --help' lists the commands";
}

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
  CommandLine line;
  CLI::App app("ML-KEM-768 (FIPS 203), constant-time", "latchkey");
  app.set_version_flag("--version", "latchkey " LATCHKEY_VERSION, "Print the version");
  app.require_subcommand(0, 1);
  const auto add = [&](const char* name, const char* description, void (*command)()) {
    app.add_subcommand(name, description)->callback([&line, command] { line.command = command; });
  };
  add("demo", "Show a key exchange, step by step", demo);
  add("selftest", "Check the library against fixed answers", selftest);

  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) throw CLI::CallForHelp();
  } catch (const CLI::ExtrasError&) {
    line.complaint = in_one_line(complaint_of_extra(app));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      std::ostringstream text;
      app.exit(error, text, text);
      line.text = text.str();
    } else {
      line.complaint = in_one_line(error.what());
    }
  }
  return line;
}

}  // namespace latchkey::cli
