#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <sstream>

#include "commands.hpp"
#include "failure.hpp"
#include "latchkey/seal.hpp"

namespace latchkey::cli {
namespace {

std::string complaint_of_extra(const CLI::App& app) {
  const std::string extra = app.remaining(true).front();
  if (!app.get_subcommands().empty() || extra.starts_with('-')) {
    return "unexpected argument '" + extra + "'";
  }
  return "unknown command '" + extra + "'; 'latchkey --help' lists the commands";
}

// An empty one is a variable of a script that is not set, and not what the defaults are for.
CLI::Option* path(CLI::Option* option) {
  return option->type_name("FILE")->check(
      [](const std::string& name) { return std::string(name.empty() ? "a name is missing" : ""); });
}

void add_context(CLI::App* command, std::string& context, const char* description) {
  command->add_option("-c,--context", context, description)->check([](const std::string& text) {
    return std::string(text.size() > kMaxSealingContext ? "more than 60,000 bytes" : "");
  });
}

// A subcommand, with options that are filled in while the line is read, and then used.
template <class Options>
Options& add(CLI::App& app, CommandLine& line, const char* name, const char* description,
             void (*command)(const Options&), CLI::App** added) {
  *added = app.add_subcommand(name, description);
  auto options = std::make_shared<Options>();
  (*added)->callback(
      [&line, options, command] { line.command = [options, command] { command(*options); }; });
  return *options;
}

void add(CLI::App& app, CommandLine& line, const char* name, const char* description,
         void (*command)()) {
  app.add_subcommand(name, description)->callback([&line, command] { line.command = command; });
}

void add_output(CLI::App* command, std::string& output, bool& force) {
  path(command->add_option("-o,--output", output, "Where to; standard output by default"));
  command->add_flag("--force", force, "Replace a file, write to a terminal all the same");
}

void add_password(CLI::App* command, PasswordSource& source) {
  auto* const file = path(command->add_option("--password-file", source.file,
                                              "The password is the first line of this file"));
  command
      ->add_option("--password-fd", source.descriptor,
                   "The password is the next line of this descriptor")
      ->type_name("N")
      ->check(CLI::Range(0, std::numeric_limits<int>::max()).description(""))
      ->excludes(file);
}

void add_keygen(CLI::App& app, CommandLine& line) {
  CLI::App* command;
  auto& options = add(app, line, "keygen", "Make a private key", keygen, &command);
  add_output(command, options.output, options.force);
  auto* const type =
      command->add_option("-t,--type", options.type, "x-wing (the default) or ml-kem-768")
          ->type_name("TYPE")
          ->check(CLI::IsMember({"x-wing", "ml-kem-768"}).description(""));
  auto* const age = command->add_flag("--age", options.age, "As age-keygen writes it");
  auto* const der = command->add_flag("--der", options.der, "In DER, not PEM");
  auto* const password =
      command->add_flag("-p,--password", options.password, "Under a password, which is asked for");
  auto* const pbkdf2 = command->add_flag("--pbkdf2", options.pbkdf2,
                                         "Hash the password by PBKDF2, for readers without scrypt");
  age->excludes(type)->excludes(der)->excludes(password)->excludes(pbkdf2);
  add_password(command, options.source);
  for (const char* name : {"--password-file", "--password-fd"}) {
    age->excludes(command->get_option(name));
  }
}

void add_pubkey(CLI::App& app, CommandLine& line) {
  CLI::App* command;
  auto& options =
      add(app, line, "pubkey", "Make the public key of a private one", pubkey, &command);
  path(command->add_option("-i,--identity", options.key,
                           "The private key; standard input by default"));
  add_output(command, options.output, options.force);
  auto* const age = command->add_flag("--age", options.age, "As age's recipient, age1pq1...");
  command->add_flag("--der", options.der, "In DER, not PEM")->excludes(age);
  add_password(command, options.source);
}

void add_inspect(CLI::App& app, CommandLine& line) {
  CLI::App* command;
  auto& options =
      add(app, line, "inspect", "Say what a file is, and whether it is sound", inspect, &command);
  path(command->add_option("file", options.file, "Standard input by default"));
  command->add_flag("--json", options.json, "For programs: an object in JSON");
  add_password(command, options.source);
}

void add_encaps(CLI::App& app, CommandLine& line) {
  CLI::App* command;
  auto& options =
      add(app, line, "encaps", "Make a shared secret and its ciphertext", encaps, &command);
  path(command->add_option("-r,--recipient", options.recipient, "The public key, a file or age's"))
      ->required();
  path(command->add_option("-s,--secret", options.secret,
                           "Where the secret goes, - is standard output"))
      ->required();
  add_output(command, options.output, options.force);
}

void add_decaps(CLI::App& app, CommandLine& line) {
  CLI::App* command;
  auto& options =
      add(app, line, "decaps", "Get the shared secret from a ciphertext", decaps, &command);
  path(command->add_option("-i,--identity", options.key, "The private key"))->required();
  path(command->add_option("ciphertext", options.ciphertext, "Standard input by default"));
  add_output(command, options.output, options.force);
  add_password(command, options.source);
}

void add_seal(CLI::App& app, CommandLine& line) {
  CLI::App* command;
  auto& options = add(app, line, "seal", "Seal a file to a public key", seal, &command);
  auto* const group = command->add_option_group("Recipients", "Who can open it");
  path(group->add_option("-r,--recipient", options.recipients,
                         "A public key: a file, or age's age1pq1...; may be repeated"))
      ->allow_extra_args(false);
  path(group->add_option("-R,--recipients-file", options.recipient_files,
                         "A file with a recipient of age's on each line; may be repeated"))
      ->allow_extra_args(false);
  group->require_option(1, 0);
  path(command->add_option("input", options.input, "Standard input by default"));
  add_output(command, options.output, options.force);
  command->add_flag("--age", options.age, "Write a file of age's; always so with age's recipients");
  command->add_flag("-a,--armor", options.armor, "Write an age file as text");
  add_context(command, options.context, "What it is for; needed again to open it. Not for age");
  command->add_option("--aad", options.aad,
                      "Text that goes with it in the clear; needed again to open it. Not for age");
}

void add_open(CLI::App& app, CommandLine& line) {
  CLI::App* command;
  auto& options = add(app, line, "open", "Open a sealed file, or one of age's", open, &command);
  path(command->add_option("-i,--identity", options.keys, "The private key; may be repeated"))
      ->allow_extra_args(false)
      ->required();
  path(command->add_option("input", options.input, "Standard input by default"));
  add_output(command, options.output, options.force);
  add_context(command, options.context, "What it was sealed for");
  command->add_option("--aad", options.aad, "The text that goes with it");
  add_password(command, options.source);
}

void add_speed(CLI::App& app, CommandLine& line) {
  CLI::App* command;
  auto& options = add(app, line, "speed", "Measure this machine", speed, &command);
  command->add_flag("--json", options.json, "For programs: an object in JSON on each line");
  command->add_flag("--one-row", options.one_row, "Only the backend in use, without a title");
}

// Its words are another program's.
void add_kat(CLI::App& app, CommandLine& line) {
  CLI::App* const command = app.add_subcommand("kat", "Check the library against known answers");
  command->prefix_command();
  command->set_help_flag();
  command->callback(
      [&line, command] { line.command = [words = command->remaining()] { kat(words); }; });
}

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
  CommandLine line;
  CLI::App app("ML-KEM-768 (FIPS 203) and X-Wing: keys, secrets, sealed files", "latchkey");
  app.set_version_flag("--version", "latchkey " LATCHKEY_VERSION, "Print the version");
  app.require_subcommand(0, 1);
  add_keygen(app, line);
  add_pubkey(app, line);
  add_seal(app, line);
  add_open(app, line);
  add_encaps(app, line);
  add_decaps(app, line);
  add_inspect(app, line);
  add_kat(app, line);
  add_speed(app, line);
  add(app, line, "selftest", "Check the library against fixed answers", selftest);
  add(app, line, "demo", "Show a key exchange, step by step", demo);
  add(app, line, "version", "Print versions, and what this machine has", version);

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
