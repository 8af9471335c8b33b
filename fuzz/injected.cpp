// A target with a bug in it, a read one byte behind an array, which every run of the fuzzer has to
// find: behind four comparisons, so that only coverage leads there.

#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {

void injected(View data) {
  Input input(data);
  for (const char wanted : {'b', 'u', 'g', '!'}) {
    if (input.byte() != wanted) return;
  }
  const Bytes all = Input(data).rest();
  if (all.data()[all.size()] == 'x') std::puts("an x behind the array");
}

}  // namespace latchkey::fuzz
