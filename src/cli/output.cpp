#include "output.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstring>

#include "failure.hpp"
#include "signals.hpp"

namespace latchkey::cli {
namespace {

// Files that are not whole yet, for the handler of signals that end the program.
struct Unfinished {
  std::atomic<bool> used = false;
  std::array<char, PATH_MAX> path{};
};
constinit std::array<Unfinished, 4> unfinished;

void remove_unfinished(int signal) {
  for (const Unfinished& file : unfinished) {
    if (file.used.load(std::memory_order_acquire)) ::unlink(file.path.data());
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void note_unfinished(const std::string& path) {
  struct sigaction action {};
  action.sa_handler = remove_unfinished;
  const auto handle = [&](int signal) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_DFL)
      ::sigaction(signal, &action, nullptr);  // nohup's choice stays
  };
  for (const int signal : kEndingSignals) handle(signal);
  for (const int signal : {SIGPIPE, SIGXFSZ}) handle(signal);
  for (Unfinished& file : unfinished) {
    if (file.used.load(std::memory_order_relaxed)) continue;
    std::memcpy(file.path.data(), path.c_str(), path.size() + 1);
    file.used.store(true, std::memory_order_release);
    return;
  }
}

void forget_unfinished(const std::string& path) {
  for (Unfinished& file : unfinished) {
    if (file.used.load(std::memory_order_relaxed) && path == file.path.data()) {
      file.used.store(false, std::memory_order_release);
    }
  }
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// The file to its name, which must be free. Not every file system has links.
bool place(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) {
    if (::unlink(from.c_str()) == 0) return true;
    ::unlink(to.c_str());  // a failure leaves no file
    return false;
  }
  if (errno != EPERM && errno != EOPNOTSUPP) return false;
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0;
}

}  // namespace

void Output::fail_to(const char* what) const {
  throw Failure(std::string("cannot ") + what + " " + name_ + ": " + std::strerror(errno));
}

Output::Output(const std::string& path, Content content, Force force)
    : path_(path), name_(quoted(path)), content_(content), force_(force) {
  if (is_standard(path)) {
    path_.clear();
    name_ = "standard output";
    check_terminal();
    return;
  }
  struct stat itself, target;
  const bool is_there = ::lstat(path.c_str(), &itself) == 0;
  if (is_there && ::stat(path.c_str(), &target) == 0 && !S_ISREG(target.st_mode)) {
    open_device();
    return;
  }
  if (is_there && S_ISLNK(itself.st_mode)) {
    throw Failure(name_ + " is a symbolic link, which is not followed to a file");
  }
  if (is_there && force == Force::no) {
    throw Failure(name_ + " exists already; --force replaces it");
  }
  create_beside();
}

void Output::check_terminal() const {
  if (content_ != Content::secret || force_ == Force::yes || ::isatty(descriptor_) == 0) return;
  throw Failure("a secret is not written to a terminal: name a file by -o, or use --force");
}

// Or a pipe. A directory cannot be opened so.
void Output::open_device() {
  file_ = File(::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  descriptor_ = file_.descriptor();
  struct stat status;
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) fail_to("write");
  // Whoever put a file there meanwhile, would get it written in place.
  if (S_ISREG(status.st_mode)) throw Failure(name_ + " was replaced while it was opened");
  // Pipes in folders for all are anybody's, who then reads what is not for him.
  if (S_ISFIFO(status.st_mode) && content_ != Content::plain && status.st_uid != ::geteuid() &&
      status.st_uid != 0) {
    throw Failure(name_ + " is a pipe of another user, and this is not for others to read");
  }
  check_terminal();
}

void Output::create_beside() {
  temporary_ = path_ + ".XXXXXX";
  if (temporary_.size() >= PATH_MAX) {
    errno = ENAMETOOLONG;
    fail_to("create");
  }
  const HeldSignals held;  // or one may come before the file is noted
  file_ = File(::mkostemp(temporary_.data(), O_CLOEXEC));
  descriptor_ = file_.descriptor();
  if (descriptor_ < 0) {
    temporary_.clear();
    fail_to("create");
  }
  note_unfinished(temporary_);
  if (content_ != Content::plain) return;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(descriptor_, 0666 & ~mask) == 0) return;
  const int why = errno;
  discard();
  errno = why;
  fail_to("create");
}

Output::~Output() { discard(); }

void Output::discard() noexcept {
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
  forget_unfinished(temporary_);
  temporary_.clear();
}

bool Output::is_same_file(const Output& other) const {
  struct stat ours, theirs;
  return !temporary_.empty() && !other.temporary_.empty() &&
         path_.substr(path_.rfind('/') + 1) == other.path_.substr(other.path_.rfind('/') + 1) &&
         ::stat(folder_of(path_).c_str(), &ours) == 0 &&
         ::stat(folder_of(other.path_).c_str(), &theirs) == 0 && ours.st_dev == theirs.st_dev &&
         ours.st_ino == theirs.st_ino;
}

void Output::withdraw() noexcept {
  if (is_new_) ::unlink(path_.c_str());
}

void Output::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(descriptor_, bytes.data(), bytes.size());
    if (size >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(size));
    } else if (errno != EINTR) {
      fail_to("write");
    }
  }
}

void Output::write(const std::string& text) {
  write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void Output::take_owner_and_mode(const struct stat& of) {
  struct stat own;
  if (::fstat(descriptor_, &own) != 0) fail_to("create");
  const bool same = own.st_uid == of.st_uid && own.st_gid == of.st_gid;
  if (!same && ::fchown(descriptor_, of.st_uid, of.st_gid) != 0) fail_to("create");
  if (::fchmod(descriptor_, of.st_mode & 07777) != 0) fail_to("create");
}

void Output::commit() {
  if (temporary_.empty()) return;
  if (::fsync(descriptor_) != 0) fail_to("write");
  const bool placed = force_ == Force::yes ? ::rename(temporary_.c_str(), path_.c_str()) == 0
                                           : place(temporary_, path_);
  if (!placed) fail_to("create");
  forget_unfinished(temporary_);
  temporary_.clear();
  is_new_ = force_ == Force::no;
  const File folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.descriptor() >= 0) ::fsync(folder.descriptor());  // where the folder can be read
}

}  // namespace latchkey::cli
