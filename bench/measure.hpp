// One burst of an operation, and what the machine was doing around it.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

namespace latchkey::bench {

// How fast this core runs at the moment. Neither figure can be too high, only too low.
struct Pace {
  double clock;  // core cycles a nanosecond, by a chain of multiplications that wait for each other
  double width;  // additions a nanosecond, where none waits: a neighbour on the core takes some
};

Pace measure_pace();

// Times that this thread was taken off its core.
std::int64_t preemptions();

// Calls f() with the stack a little further down, by up to a page. Some code is twice as slow in
// some places of the stack, and a process would keep to one.
template <class F>
[[gnu::noinline]] void somewhere_on_the_stack(F f) {
  static std::minstd_rand random;
  auto* const hole = static_cast<char*>(__builtin_alloca(16 + random() % 4096));
  asm volatile("" ::"r"(hole) : "memory");
  f();
}

// Calls run(), which lets `state` measure, between two measurements of the pace. The counters let
// the report tell the quiet bursts.
template <class F>
void measure_burst(benchmark::State& state, double operations, F run) {
  const std::int64_t preempted = preemptions();
  const Pace before = measure_pace();
  somewhere_on_the_stack(run);
  const Pace after = measure_pace();
  state.counters["clock"] = (before.clock + after.clock) / 2;
  state.counters["clock_low"] = std::min(before.clock, after.clock);
  state.counters["width_low"] = std::min(before.width, after.width);
  state.counters["preempted"] = static_cast<double>(preemptions() - preempted);
  state.counters["operations"] = operations;
}

// Registers op() under a name: every repetition is one burst. `operations` is how many one op()
// makes; prepare() and one op() before a burst are not measured. How many a burst has is settled
// when the first one is made, and on a busy machine that can be one.
template <class F, class Prepare = void (*)()>
void add(
    const std::string& name, F op, double operations = 1, Prepare prepare = [] {}) {
  const auto body = [op = std::move(op), operations, prepare](benchmark::State& state) mutable {
    prepare();
    op();
    measure_burst(state, operations, [&] {
      for (auto _ : state) op();
    });
  };
  benchmark::RegisterBenchmark(name.c_str(), body);
}

}  // namespace latchkey::bench
