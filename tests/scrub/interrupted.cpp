#include "scrub/interrupted.hpp"

#include <signal.h>
#include <sys/time.h>

#include <cstdlib>

namespace latchkey::test {
namespace {

volatile std::size_t handled = 0;

// Saves every register that a function must preserve on its stack, as a longer handler would.
void on_signal(int) {
  handled = handled + 1;
#ifdef __x86_64__
  asm volatile("" : : : "rbx", "r12", "r13", "r14", "r15", "memory");
#endif
}

void handle(int signal) {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  if (sigaction(signal, &action, nullptr) != 0) std::abort();
}

void set_timer(long microseconds) {
  itimerval every = {};
  every.it_interval.tv_usec = every.it_value.tv_usec = microseconds;
  if (setitimer(ITIMER_REAL, &every, nullptr) != 0) std::abort();
}

}  // namespace

std::size_t signals_handled() {
  const std::size_t count = handled;
  handled = 0;
  return count;
}

// The trap flag (Intel SDM volume 3, section 18.3.1.4): the CPU traps after each instruction. The
// red zone, which may be in use, is passed by.
#ifdef __x86_64__
void begin_each_instruction() {
  handle(SIGTRAP);
  asm volatile(
      "leaq -128(%%rsp), %%rsp\n\tpushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\tleaq 128(%%rsp), "
      "%%rsp" ::
          : "cc", "memory");
}
void end_each_instruction() {
  asm volatile(
      "leaq -128(%%rsp), %%rsp\n\tpushfq\n\tandq $~0x100, (%%rsp)\n\tpopfq\n\t"
      "leaq 128(%%rsp), %%rsp" ::
          : "cc", "memory");
}
#else
void begin_each_instruction() {}
void end_each_instruction() {}
#endif

TimerSignals::TimerSignals(long microseconds) {
  handle(SIGALRM);
  set_timer(microseconds);
}

TimerSignals::~TimerSignals() { set_timer(0); }

}  // namespace latchkey::test
