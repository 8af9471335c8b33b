// Functions under signals, whose handler runs on the ordinary stack. The kernel saves all registers
// there, below whatever frame is the deepest at that moment.
#pragma once

#include <cstddef>
#include <cstdint>

namespace latchkey::test {

// How many signals this process has handled since the last call of this function.
std::size_t signals_handled();

// A signal after each instruction: what any one signal might leave. On x86-64 and optimised.
// Without optimisation more than 100,000 bytes are wiped, each an instruction, and f runs without
// signals.
#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(LATCHKEY_UNOPTIMISED)
inline constexpr bool kEachInstruction = true;
#else
inline constexpr bool kEachInstruction = false;
#endif
void begin_each_instruction(std::size_t last);
std::size_t end_each_instruction();

// Up to the instruction of that number, as they are executed. What a signal leaves, a later one
// overwrites, and those during the wiping do so last: only where the signals end before can be
// seen how deep the wiping has to reach. Returns how many instructions there were.
template <class F>
std::size_t signal_at_each_instruction(F& f, std::size_t last = SIZE_MAX) {
  if constexpr (kEachInstruction) begin_each_instruction(last);
  f();
  if constexpr (kEachInstruction) return end_each_instruction();
  return 0;
}

// Calls run(g) for functions g that call f: once under signals at each instruction, and so many
// times under signals up to some instruction, which random(n) chooses below n.
template <class F, class Run, class Random>
void interrupt_in_many_places(F& f, Run run, Random random, int times = 4) {
  std::size_t count = 0;
  auto throughout = [&] { count = signal_at_each_instruction(f); };
  run(throughout);
  for (int i = 0; i < times && count > 0; ++i) {
    auto in_part = [&, last = 1 + random(count)] { signal_at_each_instruction(f, last); };
    run(in_part);
  }
}

// Signals of a timer, while it lives: each comes so many microseconds after the last was handled,
// so that the interrupted code gets on however slow the machine is.
class TimerSignals {
 public:
  explicit TimerSignals(long microseconds);
  ~TimerSignals();
  TimerSignals(const TimerSignals&) = delete;
  TimerSignals& operator=(const TimerSignals&) = delete;
};

}  // namespace latchkey::test
