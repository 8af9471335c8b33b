#include "special_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <string_view>
#include <vector>

#include "failure.hpp"

namespace latchkey::cli {
namespace {

constexpr int kMostLinks = 40;  // as the kernel

bool is_trusted(uid_t owner) { return owner == ::geteuid() || owner == 0; }

// Where the walk along a path ended.
struct Place {
  File folder;
  std::string name;
  struct stat status {};
  int descriptor = -1;    // instead of the folder and the name: one of this process
  bool is_magic = false;  // a link of /proc, which only the kernel can follow
};

// The parts of the path in front of those that are left, the next one last.
void push_parts(std::vector<std::string>& left, std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (!part.empty()) parts.emplace_back(part);
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  if (parts.empty()) parts.emplace_back(".");
  left.insert(left.end(), parts.rbegin(), parts.rend());
}

bool is_on_proc(const File& folder) {
  struct statfs system;
  return ::fstatfs(folder.descriptor(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

File start_of(std::string_view path) {
  return File(::open(path.starts_with('/') ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

// Follows a path part by part, so that the owner of each link is known. Opens only folders, without
// an effect on them.
Place walk(const std::string& path, const std::string& shown) {
  const auto fail_to_write = [&] { fail_by_errno("cannot write " + shown); };
  Place place{.folder = start_of(path), .name = {}};
  std::vector<std::string> left;
  push_parts(left, path);
  for (int links = 0;;) {
    place.name = std::move(left.back());
    left.pop_back();
    const int folder = place.folder.descriptor();
    const char* const name = place.name.c_str();
    if (::fstatat(folder, name, &place.status, AT_SYMLINK_NOFOLLOW) != 0) fail_to_write();
    int follow = O_NOFOLLOW;
    if (S_ISLNK(place.status.st_mode)) {
      if (!is_trusted(place.status.st_uid)) {
        throw Failure(shown +
                      " leads through a symbolic link of another user, which is not followed");
      }
      if (is_on_proc(place.folder)) {
        place.is_magic = true;
        follow = 0;
        if (::fstatat(folder, name, &place.status, 0) != 0) fail_to_write();
      } else {
        std::string target(PATH_MAX, '\0');
        const ssize_t size = ::readlinkat(folder, name, target.data(), target.size());
        if (size < 0) fail_to_write();
        target.resize(static_cast<std::size_t>(size));
        if (left.empty() && (place.descriptor = descriptor_of_name(target)) >= 0) return place;
        if (++links > kMostLinks) {
          errno = ELOOP;
          fail_to_write();
        }
        if (target.starts_with('/')) place.folder = start_of(target);
        push_parts(left, target);
        continue;
      }
    }
    if (left.empty()) return place;
    place.is_magic = false;
    place.folder = File(::openat(folder, name, O_PATH | O_DIRECTORY | O_CLOEXEC | follow));
    if (place.folder.descriptor() < 0) fail_to_write();
  }
}

// Whether nobody can read what is written there, or only whoever sits at this terminal: /dev/null,
// /dev/zero, /dev/full, /dev/tty, and the terminals of this process. Their owner is not always this
// user or root: under sudo and su, and in containers where root has another number.
bool is_nobody_elses(const struct stat& status) {
  const dev_t device = status.st_rdev;
  for (const dev_t known : {makedev(1, 3), makedev(1, 5), makedev(1, 7), makedev(5, 0)}) {
    if (device == known) return true;
  }
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    struct stat standard;
    if (::isatty(descriptor) == 1 && ::fstat(descriptor, &standard) == 0 &&
        standard.st_rdev == device) {
      return true;
    }
  }
  return false;
}

void check(const struct stat& status, const std::string& path, const std::string& shown,
           SpecialUse use) {
  if (S_ISBLK(status.st_mode) && !use.force) {
    throw Failure(shown + " is a block device; --force overwrites it");
  }
  if (!use.is_private || (S_ISCHR(status.st_mode) && is_nobody_elses(status))) return;
  if (!is_trusted(status.st_uid)) {
    throw Failure(shown + " belongs to another user, who could read the output");
  }
  if (S_ISFIFO(status.st_mode) && (status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    throw Failure(shown + " is a pipe that others may read; to fix this: chmod 600 " +
                  for_shell(path));
  }
}

File copy_of_descriptor(int descriptor, const std::string& shown) {
  const int mode = ::fcntl(descriptor, F_GETFL);
  if (mode >= 0 && (mode & O_ACCMODE) == O_RDONLY) errno = EBADF;
  File file(mode < 0 || (mode & O_ACCMODE) == O_RDONLY
                ? -1
                : ::fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (file.descriptor() < 0) fail_by_errno("cannot write " + shown);
  return file;
}

}  // namespace

int descriptor_of_name(const std::string& path) {
  if (path == "/dev/stdin") return STDIN_FILENO;
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    int number = -1;
    const char* const end = path.data() + path.size();
    const auto read = std::from_chars(path.data() + folder.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
  }
  return -1;
}

File open_special(const std::string& path, const std::string& shown, SpecialUse use) {
  if (const int descriptor = descriptor_of_name(path); descriptor >= 0) {
    return copy_of_descriptor(descriptor, shown);
  }
  const Place place = walk(path, shown);
  if (place.descriptor >= 0) return copy_of_descriptor(place.descriptor, shown);
  check(place.status, path, shown, use);  // before: to open a device can have an effect
  File file(::openat(place.folder.descriptor(), place.name.c_str(),
                     O_WRONLY | O_CLOEXEC | O_NOCTTY | (place.is_magic ? 0 : O_NOFOLLOW)));
  struct stat status;
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0) {
    fail_by_errno("cannot write " + shown);
  }
  if (S_ISREG(status.st_mode) || status.st_dev != place.status.st_dev ||
      status.st_ino != place.status.st_ino) {
    throw Failure(shown + " was replaced while it was opened");
  }
  check(status, path, shown, use);
  return file;
}

}  // namespace latchkey::cli
