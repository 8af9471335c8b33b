// Passwords: from a file, a descriptor or a terminal, never from an argument, which others can see.
#pragma once

#include <string>

#include "latchkey/secret_memory.hpp"
#include "options.hpp"

namespace latchkey::cli {

// Call this before `path`, a file that may need the password, is read. If both come through one
// stream, the line with the password comes first, and this function reads it. Throws a Failure.
PasswordSource read_ahead(const PasswordSource& source, const std::string& path);

// The password of `what`; from the terminal where no source is given. Asked for twice for a new
// one. Throws a Failure, if there is none, or it is empty.
LockedBuffer read_password(const PasswordSource& source, const std::string& what, bool is_new);

}  // namespace latchkey::cli
