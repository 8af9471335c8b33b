// Measures a call that comes after other work, as in a program that does not spend its time on it.
#pragma once

#include <chrono>

#include "measure.hpp"

namespace latchkey::bench {

// A millisecond of work without vectors, on more memory than the caches of a core and its share of
// the last cache hold.
void do_other_work();

// As add(), but every burst is one call, after other work. Google Benchmark adds to the name how
// that is measured; results.py takes it off.
template <class F>
void add_cold(const std::string& name, F op) {
  const auto body = [op = std::move(op)](benchmark::State& state) mutable {
    do_other_work();
    measure_burst(state, 1, [&] {
      for (auto _ : state) {
        const auto start = std::chrono::steady_clock::now();
        op();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        state.SetIterationTime(took.count());
      }
    });
  };
  benchmark::RegisterBenchmark(name.c_str(), body)->Iterations(1)->UseManualTime();
}

}  // namespace latchkey::bench
