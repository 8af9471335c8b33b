// Files that can be read without locked memory.
#pragma once

#include <string>

namespace latchkey::cli {

// Whether a regular file is of a kind without secrets: sealed or encrypted, a public key, a list of
// recipients, a ciphertext. It is examined where the kernel has it, and nothing is copied. A file
// that holds a private key beside is none. Standard input is none, since it cannot be read twice.
bool is_public_file(const std::string& path);

}  // namespace latchkey::cli
