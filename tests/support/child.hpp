// Runs something in a child process.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

namespace latchkey::test {

// How a child ended that ran f: by a signal or with an exit status, and what it wrote to stderr. f
// returns the status.
struct Ending {
  int signal = 0;
  int status = 0;
  std::string errors;
};

template <class F>
Ending in_child(F f) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    // Catch and the sanitizers would report the signal that a test waits for.
    for (const int number : {SIGSEGV, SIGBUS, SIGABRT}) signal(number, SIG_DFL);
    _exit(f());
  }
  close(ends[1]);
  Ending ending;
  char text[4096];
  for (ssize_t size; (size = read(ends[0], text, sizeof text)) > 0;) {
    ending.errors.append(text, static_cast<std::size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) ending.signal = WTERMSIG(status);
  if (WIFEXITED(status)) ending.status = WEXITSTATUS(status);
  return ending;
}

}  // namespace latchkey::test
