// The commands of the tool, one file each. A command prints to stdout, and throws a Failure when it
// cannot do its work. command_line.cpp alone knows their names: the parser takes seconds to
// compile.
#pragma once

#include <string>
#include <vector>

#include "password.hpp"

namespace latchkey::cli {

// Paths are "" or "-" for standard input and output.

struct KeygenOptions {
  std::string output;
  std::string type = "x-wing";  // or "ml-kem-768"
  bool age = false, der = false, password = false, pbkdf2 = false, force = false;
  PasswordSource source;
};

struct PubkeyOptions {
  std::string key, output;
  bool age = false, der = false, force = false;
  PasswordSource source;
};

struct InspectOptions {
  std::string file;
  bool json = false;
  PasswordSource source;
};

struct EncapsOptions {
  std::string recipient, output, secret;
  bool force = false;
};

struct DecapsOptions {
  std::string key, ciphertext, output;
  bool force = false;
  PasswordSource source;
};

struct SealOptions {
  std::vector<std::string> recipients, recipient_files;
  std::string input, output, context, aad;
  bool age = false, armor = false, force = false;
};

struct OpenOptions {
  std::vector<std::string> keys;
  std::string input, output, context, aad;
  bool force = false;
  PasswordSource source;
};

struct SpeedOptions {
  bool json = false, one_row = false;
};

void decaps(const DecapsOptions& options);
void demo();
void encaps(const EncapsOptions& options);
void inspect(const InspectOptions& options);
void kat(const std::vector<std::string>& arguments);
void keygen(const KeygenOptions& options);
void open(const OpenOptions& options);
void pubkey(const PubkeyOptions& options);
void seal(const SealOptions& options);
void selftest();
void speed(const SpeedOptions& options);
void version();

}  // namespace latchkey::cli
