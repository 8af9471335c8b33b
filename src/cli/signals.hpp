// The signals whose default action ends a process, and how they are held back for a moment in which
// the process must not end.
#pragma once

#include <signal.h>

namespace latchkey::cli {

// Whether the default action of the signal ends the process, and a handler can be set (signal(7)).
// The numbers between SIGSYS and SIGRTMIN are libc's own.
inline bool ends_process(int signal) noexcept {
  switch (signal) {
    case SIGKILL:
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
    case SIGCONT:
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
      return false;
    default:
      return signal <= SIGSYS || (signal >= SIGRTMIN && signal <= SIGRTMAX);
  }
}

// Signals that an instruction of the process itself causes. They cannot wait: the instruction
// would be repeated.
inline bool is_fault(int signal) noexcept {
  switch (signal) {
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGSEGV:
    case SIGSYS:
      return true;
    default:
      return false;
  }
}

// Calls use(signal) for each signal that ends the process.
template <class Use>
void for_each_ending_signal(Use use) {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    if (ends_process(signal)) use(signal);
  }
}

// While this lives, signals that end, stop or continue the process wait; faults do not. SIGTTIN and
// SIGTTOU do not wait either: a background process that blocks them may change the terminal.
class HeldSignals {
 public:
  HeldSignals() noexcept {
    sigset_t held;
    ::sigemptyset(&held);
    for_each_ending_signal([&](int signal) {
      if (!is_fault(signal)) ::sigaddset(&held, signal);
    });
    ::sigaddset(&held, SIGTSTP);
    ::sigaddset(&held, SIGCONT);
    ::sigprocmask(SIG_BLOCK, &held, &before_);
  }
  ~HeldSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  // The mask to wait with (ppoll, sigsuspend): the held signals arrive meanwhile.
  [[nodiscard]] const sigset_t& before() const noexcept { return before_; }

 private:
  sigset_t before_{};
};

}  // namespace latchkey::cli
