// Passwords: from a file, a descriptor or a terminal, never from an argument, which others can see.
#pragma once

#include <string>

#include "latchkey/secret_memory.hpp"
#include "options.hpp"

namespace latchkey::cli {

// The password of `what`; from the terminal where no source is given. Asked for twice for a new
// one. Throws a Failure, if there is none, or it is empty.
LockedBuffer read_password(const PasswordSource& source, const std::string& what, bool is_new);

}  // namespace latchkey::cli
