// Files that are written in place: descriptors of this process, terminals, pipes and devices.
#pragma once

#include <string>

#include "input.hpp"

namespace latchkey::cli {

// The descriptor that the name stands for (/dev/stdout, /dev/fd/3, /proc/self/fd/3), or -1.
int descriptor_of_name(const std::string& path);

// What may be written to a file, and what may stand in the way.
struct SpecialUse {
  bool is_private;  // nobody else may read what is written
  bool force;       // a block device may be overwritten
};

// Opens an existing terminal, pipe or device for writing. Symbolic links are followed if this user
// or root owns them. Refuses a file that another user could read or redirect; decides that by the
// owner of the opened file and, for a pipe, by its mode. `shown` stands for the file in messages.
// Throws a Failure.
File open_special(const std::string& path, const std::string& shown, SpecialUse use);

}  // namespace latchkey::cli
