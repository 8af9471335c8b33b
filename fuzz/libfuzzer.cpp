// Where libFuzzer enters a target, whose name the build gives.
#include <cstddef>

#include "targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  latchkey::fuzz::LATCHKEY_FUZZ_TARGET({data, size});
  return 0;
}
