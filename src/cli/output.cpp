#include "output.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "failure.hpp"
#include "hardening.hpp"
#include "special_file.hpp"

namespace latchkey::cli {

Output::Output(const std::string& path, Content content, Force force)
    : name_(is_standard(path) ? "standard output" : quoted(path)),
      content_(content),
      force_(force) {
  if (content == Content::secret) require_hardened();
  if (!is_standard(path)) open(path);
  if (!new_file_) check_descriptor();
}

void Output::open(const std::string& path) {
  struct stat itself, target;
  const bool is_there = ::lstat(path.c_str(), &itself) == 0;
  if (!is_there && errno != ENOENT) fail_by_errno("cannot create " + name_);
  const bool leads_somewhere = is_there && ::stat(path.c_str(), &target) == 0;
  if (descriptor_of_name(path) >= 0 || (leads_somewhere && !S_ISREG(target.st_mode))) {
    file_ = open_special(path, name_,
                         {.is_private = content_ != Content::plain, .force = force_ == Force::yes});
    return;
  }
  if (is_there && S_ISLNK(itself.st_mode)) {
    throw Failure(name_ + " is a symbolic link to a file, and is not followed");
  }
  if (is_there && force_ == Force::no) {
    throw Failure(name_ + " exists already; --force replaces it");
  }
  create(path);
}

void Output::create(const std::string& path) {
  const bool is_plain = content_ == Content::plain;
  new_file_.emplace(path, name_, is_plain ? Secrecy::plain : Secrecy::secret);
  if (!is_plain) warn_if_exposed("its file system does not keep modes or owners");
}

int Output::descriptor() const noexcept {
  if (new_file_) return new_file_->descriptor();
  return file_.descriptor() >= 0 ? file_.descriptor() : STDOUT_FILENO;
}

// Checks output that is written in place: a terminal, a pipe or a device.
void Output::check_descriptor() const {
  if (content_ != Content::secret) return;
  if (force_ == Force::no && is_terminal()) {
    throw Failure("a secret is not written to a terminal: name a file with -o, or use --force");
  }
  warn_if_exposed("use -o, or set umask 077 before the file is made");
}

void Output::warn_if_exposed(const char* reason) const {
  struct stat status;
  if (::fstat(descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  const Exposure exposure = exposure_of(status);
  if (exposure == Exposure::none && status.st_uid == ::geteuid()) return;
  const char* const later = content_ != Content::secret ? ""
                            : exposure == Exposure::unprotected
                                ? "; every command will refuse it as a key file"
                                : "; to use it, add --allow-readable-secrets";
  warn("others may read " + name_ + ": " + reason + later);
}

bool Output::is_same_file(const Output& other) const {
  if (new_file_ && other.new_file_) return new_file_->has_place_of(*other.new_file_);
  if (new_file_ || other.new_file_) return false;
  struct stat ours, theirs;
  return ::fstat(descriptor(), &ours) == 0 && ::fstat(other.descriptor(), &theirs) == 0 &&
         (!S_ISCHR(ours.st_mode) || is_terminal()) && ours.st_dev == theirs.st_dev &&
         ours.st_ino == theirs.st_ino;
}

void Output::require_other_file(const Input& input) const {
  struct stat ours, read;
  if (new_file_ || ::fstat(descriptor(), &ours) != 0 || ::fstat(input.descriptor(), &read) != 0 ||
      !S_ISREG(ours.st_mode) || ours.st_dev != read.st_dev || ours.st_ino != read.st_ino) {
    return;
  }
  throw Failure(input.name() + " and the output are the same file; name another file with -o");
}

void Output::withdraw() noexcept {
  if (new_file_) new_file_->withdraw();
}

void Output::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(descriptor(), bytes.data(), bytes.size());
    if (size >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(size));
    } else if (errno != EINTR) {
      fail_by_errno("cannot write " + name_);
    }
  }
}

void Output::write(const std::string& text) {
  write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void Output::take_owner_and_mode(const struct stat& of) {
  if (!cli::take_owner_and_mode(descriptor(), of)) {
    fail_by_errno("cannot keep the owner and the mode of " + name_);
  }
}

void Output::commit() {
  if (new_file_) new_file_->place(NewFile::Replace{force_ == Force::yes});
}

}  // namespace latchkey::cli
