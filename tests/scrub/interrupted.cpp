#include "scrub/interrupted.hpp"

#include <signal.h>
#include <time.h>
#include <ucontext.h>

#include <cstdint>
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

#ifdef __x86_64__
constexpr greg_t kTrapFlag = 0x100;

std::size_t steps = 0, last_step = SIZE_MAX;
greg_t previous = 0;

// An instruction that repeats itself, as the wiping's, traps each time and is one step.
void on_trap(int signal, siginfo_t*, void* context) {
  on_signal(signal);
  greg_t* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  if (registers[REG_RIP] != previous) ++steps;
  previous = registers[REG_RIP];
  if (steps >= last_step) registers[REG_EFL] &= ~kTrapFlag;
}
#endif

timer_t timer;
volatile long pause_ns = 0;  // 0: no more signals

void set_timer() {
  itimerspec once = {};
  once.it_value.tv_nsec = pause_ns;
  if (timer_settime(timer, 0, &once, nullptr) != 0) std::abort();
}

void on_timer(int signal) {
  on_signal(signal);
  set_timer();
}

void create_timer() {
  struct sigaction action = {};
  action.sa_handler = on_timer;
  action.sa_flags = SA_RESTART;
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  if (sigaction(SIGALRM, &action, nullptr) != 0 ||
      timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) {
    std::abort();
  }
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
void begin_each_instruction(std::size_t last) {
  steps = 0;
  last_step = last;
  struct sigaction action = {};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  if (sigaction(SIGTRAP, &action, nullptr) != 0) std::abort();
  asm volatile(
      "leaq -128(%%rsp), %%rsp\n\tpushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\tleaq 128(%%rsp), "
      "%%rsp" ::
          : "cc", "memory");
}
std::size_t end_each_instruction() {
  asm volatile(
      "leaq -128(%%rsp), %%rsp\n\tpushfq\n\tandq $~0x100, (%%rsp)\n\tpopfq\n\t"
      "leaq 128(%%rsp), %%rsp" ::
          : "cc", "memory");
  return steps;
}
#else
void begin_each_instruction(std::size_t) {}
std::size_t end_each_instruction() { return 0; }
#endif

TimerSignals::TimerSignals(long microseconds) {
  static const bool created = (create_timer(), true);
  static_cast<void>(created);
  pause_ns = microseconds * 1000;
  set_timer();
}

TimerSignals::~TimerSignals() {
  pause_ns = 0;
  set_timer();
}

}  // namespace latchkey::test
