// A child of fork() that runs beside its parent.
#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <initializer_list>

namespace latchkey::test {

// A one-way signal between processes: for each give(), one wait() returns.
class Signal {
 public:
  Signal() {
    if (pipe(ends_) != 0) std::abort();
  }
  ~Signal() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  void give(char value = 0) const {
    if (write(ends_[1], &value, 1) != 1) std::abort();
  }
  [[nodiscard]] char wait() const {
    char value = -1;
    return read(ends_[0], &value, 1) == 1 ? value : char{-1};
  }

 private:
  int ends_[2];
};

// Runs f, which returns an exit status. The child ends with its parent, unless it is told not to.
class Child {
 public:
  template <class F>
  explicit Child(F f) : process_(fork()) {
    if (process_ == 0) {
      for (const int number : {SIGSEGV, SIGBUS, SIGABRT}) signal(number, SIG_DFL);
      alarm(120);
      _exit(f());
    }
  }
  // The exit status; 1000 and the signal's number if that ended it.
  int status() const {
    int status = 0;
    waitpid(process_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  pid_t process_;
};

}  // namespace latchkey::test
