#include "new_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "failure.hpp"
#include "signals.hpp"

namespace latchkey::cli {
namespace {

constexpr const char* kTemporaryPrefix = ".latchkey-";
constexpr std::size_t kTemporarySize = 10 + 16;  // the prefix and 16 hex digits
constexpr int kAttempts = 100;                   // to find a free temporary name

// The temporary names that exist, for the signal handler.
struct Unfinished {
  std::atomic<bool> used = false;
  int folder = -1;
  std::array<char, kTemporarySize + 1> name{};
};
constinit std::array<Unfinished, 4> unfinished;

void remove_unfinished(int signal) {
  for (const Unfinished& file : unfinished) {
    if (file.used.load(std::memory_order_acquire)) ::unlinkat(file.folder, file.name.data(), 0);
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void note_unfinished(int folder, const std::string& name) {
  struct sigaction action {};
  action.sa_handler = remove_unfinished;
  ::sigfillset(&action.sa_mask);
  for_each_ending_signal([&](int signal) {
    struct sigaction before {};
    // What the caller ignores stays ignored, as under nohup.
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_DFL) {
      ::sigaction(signal, &action, nullptr);
    }
  });
  for (Unfinished& file : unfinished) {
    if (file.used.load(std::memory_order_relaxed)) continue;
    file.folder = folder;
    std::memcpy(file.name.data(), name.c_str(), name.size() + 1);
    file.used.store(true, std::memory_order_release);
    return;
  }
}

void forget_unfinished(const std::string& name) noexcept {
  for (Unfinished& file : unfinished) {
    if (file.used.load(std::memory_order_relaxed) && name == file.name.data()) {
      file.used.store(false, std::memory_order_release);
    }
  }
}

// The length does not depend on the file's own name, which may be as long as the system allows.
std::string temporary_name() {
  std::array<std::uint8_t, 8> random;
  ssize_t size;
  do {
    size = ::getrandom(random.data(), random.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size != static_cast<ssize_t>(random.size()))
    throw Failure("the system gives no random bytes for a file name");
  std::string name = kTemporaryPrefix;
  for (const std::uint8_t byte : random) {
    name += "0123456789abcdef"[byte >> 4];
    name += "0123456789abcdef"[byte & 15];
  }
  return name;
}

}  // namespace

void NewFile::fail_to(const char* what) const {
  fail_by_errno("cannot " + (what + (" " + shown_)));
}

NewFile::NewFile(const std::string& path, std::string shown, Secrecy secrecy)
    : shown_(std::move(shown)), secrecy_(secrecy) {
  const auto slash = path.rfind('/');
  const bool has_folder = slash != path.npos;
  name_ = has_folder ? path.substr(slash + 1) : path;
  const std::string folder = !has_folder ? "." : slash == 0 ? "/" : path.substr(0, slash);
  folder_ = File(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder_.descriptor() < 0) fail_to("create");
  const mode_t mode = secrecy == Secrecy::plain ? 0666 : 0600;
  if (!create_unnamed(mode)) create_named(mode);
}

bool NewFile::create_unnamed(mode_t mode) {
  file_ = File(::openat(folder_.descriptor(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode));
  return file_.descriptor() >= 0;
}

void NewFile::create_named(mode_t mode) {
  const HeldSignals held;  // a signal must find the name noted
  for (int i = 0; i < kAttempts; ++i) {
    const std::string name = temporary_name();
    file_ = File(::openat(folder_.descriptor(), name.c_str(),
                          O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, mode));
    if (file_.descriptor() >= 0) {
      temporary_ = name;
      note_unfinished(folder_.descriptor(), temporary_);
      return;
    }
    if (errno != EEXIST && errno != EINTR) break;
  }
  fail_to("create");
}

NewFile::~NewFile() {
  if (temporary_.empty()) return;
  ::unlinkat(folder_.descriptor(), temporary_.c_str(), 0);
  forget_temporary_name();
}

void NewFile::forget_temporary_name() noexcept {
  forget_unfinished(temporary_);
  temporary_.clear();
}

// Gives the unnamed file a name, which must be free. Linux before 6.10 links a descriptor itself
// only for root; the other way needs /proc.
bool NewFile::link_to(const std::string& name) const {
  const std::string self = "/proc/self/fd/" + std::to_string(descriptor());
  if (::linkat(AT_FDCWD, self.c_str(), folder_.descriptor(), name.c_str(), AT_SYMLINK_FOLLOW) == 0)
    return true;
  if (errno == EEXIST) return false;
  return ::linkat(descriptor(), "", folder_.descriptor(), name.c_str(), AT_EMPTY_PATH) == 0;
}

void NewFile::link_to_temporary_name() {
  for (int i = 0; i < kAttempts; ++i) {
    const std::string name = temporary_name();
    if (link_to(name)) {
      temporary_ = name;
      note_unfinished(folder_.descriptor(), temporary_);
      return;
    }
    if (errno != EEXIST) break;
  }
  fail_to("create");
}

// For systems that refuse to link an unnamed file.
void NewFile::copy_to_named() {
  struct stat status;
  if (::fstat(descriptor(), &status) != 0) fail_to("create");
  File unnamed(-1);
  unnamed = std::move(file_);
  create_named(status.st_mode & 0777);
  if (!copy_content(unnamed.descriptor(), descriptor(), status.st_size, secrecy_)) {
    fail_to("write");
  }
  if (!take_owner_and_mode(descriptor(), status)) fail_to("keep the owner and the mode of");
  if (::fsync(descriptor()) != 0) fail_to("write");
}

// Moves the temporary name to the name that must be free. Not every file system has links, and not
// every one can refuse to replace: there, an empty file holds the name until it is replaced.
bool NewFile::move_to_free_name() const {
  const int folder = folder_.descriptor();
  const char* const from = temporary_.c_str();
  const char* const to = name_.c_str();
  if (::linkat(folder, from, folder, to, 0) == 0) {
    if (::unlinkat(folder, from, 0) == 0) return true;
    ::unlinkat(folder, to, 0);  // a failure leaves no file
    return false;
  }
  if (errno == EEXIST) return false;
  if (::renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  const File holder(::openat(folder, to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  if (holder.descriptor() < 0) return false;
  if (::renameat(folder, from, folder, to) == 0) return true;
  const int why = errno;
  ::unlinkat(folder, to, 0);
  errno = why;
  return false;
}

void NewFile::place(Replace replace) {
  if (::fsync(descriptor()) != 0) fail_to("write");
  if (temporary_.empty()) {
    if (link_to(name_)) {
      is_new_ = true;
      return sync_folder();
    }
    if (errno != EEXIST) {
      copy_to_named();
    } else if (replace == Replace::no) {
      fail_to("create");
    }
  }
  const HeldSignals held;  // from a temporary name to the end without an interruption
  if (temporary_.empty()) link_to_temporary_name();
  is_new_ = move_to_free_name();
  if (!is_new_ &&
      (replace == Replace::no || ::renameat(folder_.descriptor(), temporary_.c_str(),
                                            folder_.descriptor(), name_.c_str()) != 0)) {
    fail_to("create");
  }
  forget_temporary_name();
  sync_folder();
}

void NewFile::sync_folder() const {
  const File folder(::openat(folder_.descriptor(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.descriptor() >= 0) ::fsync(folder.descriptor());  // where the folder can be read
}

void NewFile::withdraw() noexcept {
  if (is_new_) ::unlinkat(folder_.descriptor(), name_.c_str(), 0);
  is_new_ = false;
}

bool NewFile::has_place_of(const NewFile& other) const {
  struct stat ours, theirs;
  return name_ == other.name_ && ::fstat(folder_.descriptor(), &ours) == 0 &&
         ::fstat(other.folder_.descriptor(), &theirs) == 0 && ours.st_dev == theirs.st_dev &&
         ours.st_ino == theirs.st_ino;
}

}  // namespace latchkey::cli
