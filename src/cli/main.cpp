// `latchkey`, the command-line tool: reads the command line, runs one command.
//
// Exit status: 0 done, 1 the command failed, 2 the command line makes no sense. Whatever went wrong
// is said in one line on stderr.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>

#include "commands.hpp"
#include "failure.hpp"
#include "latchkey/secret_memory.hpp"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int complain(int status, const std::string& what) {
  std::fprintf(stderr, "latchkey: %s\n", what.c_str());
  return status;
}

int complain_of_extra(const CLI::App& app) {
  const std::string extra = app.remaining(true).front();
  if (!app.get_subcommands().empty() || extra.starts_with('-')) {
    return complain(kUsage, "unexpected argument '" + extra + "'");
  }
  return complain(kUsage, "unknown command '" + extra + "'; 'latchkey --help' lists the commands");
}

int run(int argc, char** argv) {
  CLI::App app("ML-KEM-768 (FIPS 203), constant-time", "latchkey");
  app.set_version_flag("--version", "latchkey " LATCHKEY_VERSION, "Print the version");
  app.require_subcommand(0, 1);
  app.add_subcommand("demo", "Show a key exchange, step by step")->callback(latchkey::cli::demo);
  app.add_subcommand("selftest", "Check the library against fixed answers")
      ->callback(latchkey::cli::selftest);

  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) throw CLI::CallForHelp();
  } catch (const CLI::ExtrasError&) {
    return complain_of_extra(app);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) return complain(kUsage, error.what());
    std::ostringstream text;  // help or the version
    app.exit(error, text, text);
    std::fputs(text.str().c_str(), stdout);
  }
  latchkey::cli::flush_output();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    // No secret of this process is to end in a core dump or in a debugger.
    if (const auto hardened = latchkey::harden_process(); !hardened) {
      return complain(kFailed, latchkey::describe(hardened.error()));
    }
    return run(argc, argv);
  } catch (const std::exception& error) {
    return complain(kFailed, error.what());
  }
}
