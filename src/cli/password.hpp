// Passwords: from a file, a descriptor or a terminal, never from an argument, which others can see.
#pragma once

#include <string>

#include "latchkey/secret_memory.hpp"
#include "options.hpp"

namespace latchkey::cli {

// Whether the password comes through the stream, and not the file, that `path` names. Its line
// stands before the rest then, and has to be read first.
bool shares_stream(const PasswordSource& source, const std::string& path);

// The password of `what`; from the terminal where no source is given. Asked for twice for a new
// one. Throws a Failure, if there is none, or it is empty.
LockedBuffer read_password(const PasswordSource& source, const std::string& what, bool is_new);

}  // namespace latchkey::cli
