// Splits text that may be secret into lines, in locked memory. It keeps at most one line, whatever
// the size of the pieces in which the text arrives.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "bytes.hpp"
#include "latchkey/secret_memory.hpp"

namespace latchkey::cli {

class SecretLines {
 public:
  // Gets each line that is neither empty nor a comment (#), without trailing spaces and line end,
  // and its number, which begins at 1.
  using Use = std::function<void(std::string_view line, std::size_t number)>;

  // `name` of the file is for messages; it may have `most` bytes. Throws a Failure.
  SecretLines(std::string name, std::size_t most, Use use);

  // The next bytes are whole lines that need not be looked at. Throws a Failure as add().
  void skip(std::size_t bytes, std::size_t lines);
  // The next bytes, of any number. Throws a Failure for a file or a line that is too long.
  void add(View bytes);
  // What is behind the last line feed is a line, too.
  void finish();

 private:
  void extend_line(View part);
  void end_line();

  std::string name_;
  std::size_t left_;
  Use use_;
  LockedBuffer line_;
  std::size_t size_ = 0, number_ = 1;
  bool is_remark_ = false;
};

}  // namespace latchkey::cli
