// Reads vector files: sections of records of `name = hex` lines. README.md has the format.
#pragma once

#include <iosfwd>
#include <stdexcept>

#include "section.hpp"

namespace latchkey::kat {

struct VectorFile {
  std::string path;
  std::vector<Record> records;
};

// A file that cannot be read or does not keep to the format. what() is one line: file:line: reason.
class MalformedFile : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

VectorFile read_vectors(const std::string& path);
// From a stream; `path` is for messages.
VectorFile read_vectors(std::istream& in, const std::string& path);

}  // namespace latchkey::kat
