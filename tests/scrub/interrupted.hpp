// Functions under signals, whose handler runs on the ordinary stack. The kernel saves all registers
// there, below whatever frame is the deepest at that moment.
#pragma once

#include <cstddef>

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
void begin_each_instruction();
void end_each_instruction();

template <class F>
void signal_at_each_instruction(F& f) {
  if constexpr (kEachInstruction) begin_each_instruction();
  f();
  if constexpr (kEachInstruction) end_each_instruction();
}

// Signals of a timer, while it lives: every so many microseconds.
class TimerSignals {
 public:
  explicit TimerSignals(long microseconds);
  ~TimerSignals();
  TimerSignals(const TimerSignals&) = delete;
  TimerSignals& operator=(const TimerSignals&) = delete;
};

}  // namespace latchkey::test
