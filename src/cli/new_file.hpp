// A file that is written without a name, and gets its name when it is whole.
#pragma once

#include <sys/types.h>

#include <string>

#include "file_copy.hpp"
#include "input.hpp"

namespace latchkey::cli {

class NewFile {
 public:
  enum class Replace : bool { no, yes };

  // Creates a file in the folder of `path`: without a name where the file system can (O_TMPFILE),
  // otherwise as .latchkey-XXXXXXXXXXXXXXXX, which every signal that can be handled removes.
  // What is secret has mode 0600. `shown` stands for the file in messages. Throws a Failure.
  NewFile(const std::string& path, std::string shown, Secrecy secrecy);
  // Removes a file that place() did not name.
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return file_.descriptor(); }

  // Writes the content to the disk, then gives the file its name. Without Replace::yes, a file of
  // that name is an error. Throws a Failure.
  void place(Replace replace);
  // Removes the file that place() named, unless it replaced another.
  void withdraw() noexcept;

  // Whether both get the same name in the same folder.
  [[nodiscard]] bool has_place_of(const NewFile& other) const;

 private:
  bool create_unnamed(mode_t mode);
  void create_named(mode_t mode);
  void link_to_temporary_name();
  void copy_to_named();
  [[nodiscard]] bool link_to(const std::string& name) const;
  [[nodiscard]] bool move_to_free_name() const;
  void sync_folder() const;
  void forget_temporary_name() noexcept;
  [[noreturn]] void fail_to(const char* what) const;

  std::string shown_;
  Secrecy secrecy_;
  File folder_;
  std::string name_;
  File file_;
  std::string temporary_;  // a name in the folder, or "" while the file has none
  bool is_new_ = false;
};

}  // namespace latchkey::cli
