// What the words behind a command can set. The table of commands (command_table.cpp) says which
// command has which of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace latchkey {
class LockedBuffer;
}

namespace latchkey::cli {

struct PasswordSource {
  std::string file;                           // its first line
  int descriptor = -1;                        // the next line of what can be read there
  std::shared_ptr<const LockedBuffer> ahead;  // what read_ahead() got (password.hpp)

  [[nodiscard]] bool is_given() const noexcept { return !file.empty() || descriptor >= 0; }
};

// Paths are "" or "-" for standard input and output.
struct Options {
  // What is read
  std::string input;                                     // what is sealed, opened, inspected
  std::string key;                                       // a private key
  std::vector<std::string> keys;                         // several
  std::string recipient;                                 // a public key: a file, or a name of age
  std::vector<std::string> recipients, recipient_files;  // several; files with several
  PasswordSource source, new_source;
  bool allow_readable = false;  // secrets that others may read

  // What is written
  std::string output, secret;
  bool force = false, quiet = false;

  // How
  std::string type;  // a KEM, as with_kem() takes it (kems.hpp); by default, the command decides
  bool age = false, armor = false, der = false, json = false;
  bool password = false, pbkdf2 = false;
  std::string context, aad;
  std::string to;    // the form of a key: "pem", "der", "age", "seed" or "expanded"
  std::string from;  // "seed" or "expanded", for bytes that do not say what they are
  bool no_password = false, remove = false;

  // Options of `tls-check`
  std::string connect;  // HOST:PORT
  std::string config;   // a file
  std::string group;

  // Options and operands of `speed`, `kat` and `help`
  bool only_this_backend = false;
  std::string backend;
  std::vector<std::uint64_t> rounds;
  bool no_accumulated = false;
  std::vector<std::string> files;
  std::string topic;

  // Options that every command has
  bool help = false, version = false;
};

}  // namespace latchkey::cli
