// `latchkey kat`: runs latchkey-kat, the runner of known answers, which is a program of its own.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "commands.hpp"
#include "failure.hpp"

namespace latchkey::cli {
namespace {

std::string own_folder() {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  const std::string whole(path, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return whole.substr(0, whole.rfind('/') + 1);
}

}  // namespace

void kat(const Options& options) {
  std::vector<char*> words = {const_cast<char*>("latchkey-kat")};
  for (const auto& argument : options.files) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  // Beside this program, where it was built or installed.
  if (const std::string folder = own_folder(); !folder.empty()) {
    for (const char* place : {"latchkey-kat", "kat/latchkey-kat"}) {
      ::execv((folder + place).c_str(), words.data());
    }
  }
  ::execvp("latchkey-kat", words.data());
  throw Failure(std::string("cannot run latchkey-kat: ") + std::strerror(errno));
}

}  // namespace latchkey::cli
