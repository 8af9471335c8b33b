// `latchkey`, the command-line tool: reads the command line, runs one command.
//
// Exit status: 0 done, 1 the command failed, 2 the command line is wrong, 3 `inspect` met a format
// that is not supported, or `tls-check` was built without libssl, 4 to 7 what `tls-check` found
// (failure.hpp). An error is one line on stderr.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>

#include "backends.hpp"
#include "command_line.hpp"
#include "failure.hpp"
#include "hardening.hpp"
#include "latchkey/mlkem768.hpp"

namespace {

constexpr int kUsage = latchkey::cli::Failure::kUsage;

int complain(int status, const std::string& what) {
  if (!what.empty()) {
    std::fprintf(stderr, "latchkey: %s\n", latchkey::cli::in_one_line(what).c_str());
  }
  return status;
}

// Who starts this program may have closed these. The next file that is opened would be the standard
// output then, and get what is written there. They stay as good as closed: no use of them succeeds.
void occupy_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    if (::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) != descriptor) {
      throw latchkey::cli::Failure(std::string("cannot open '/dev/null': ") + std::strerror(errno));
    }
  }
}

// The library ignores an unknown name. A user who sets the variable for this program wants exactly
// that backend, so the program fails instead.
void check_backend() {
  const char* const wish = secure_getenv("LATCHKEY_BACKEND");
  const std::string_view in_use = latchkey::backend_name();
  if (wish == nullptr || *wish == '\0' || in_use == wish) return;
  std::string list;  // the one in use is the best that there is
  bool is_there = false;
  for (const std::string_view name : latchkey::cli::kBackends) {
    is_there = is_there || name == in_use;
    if (is_there) list.append(list.empty() ? "" : ", ").append(name);
  }
  throw latchkey::cli::Failure("LATCHKEY_BACKEND is '" + latchkey::cli::in_one_line(wish) +
                               "', which this machine does not have; it has " + list);
}

int run(int argc, char** argv) {
  const auto line = latchkey::cli::read_command_line(argc, argv);
  if (!line.complaint.empty()) return complain(kUsage, line.complaint);
  if (!line.usage.empty()) {
    std::fputs(line.usage.c_str(), stderr);
    return kUsage;
  }
  std::fputs(line.text.c_str(), stdout);
  if (line.command) {
    check_backend();
    line.command();
  }
  latchkey::cli::flush_output();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    occupy_standard_descriptors();
    latchkey::cli::harden();
    return run(argc, argv);
  } catch (const latchkey::cli::Failure& failure) {
    return complain(failure.status, failure.what());
  } catch (const std::exception& error) {
    return complain(latchkey::cli::Failure::kFailed, error.what());
  }
}
