// What the probe's parts share: operations that may fail, and leave nothing behind when they do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "latchkey/result.hpp"

namespace latchkey {

struct Outcome {
  int errors = 0;

  template <class T>
  bool operator()(const char* what, const Result<T>& result) {
    if (!result) {
      std::printf("%s: %s\n", what, describe(result.error()));
      ++errors;
    }
    return result.has_value();
  }
};

template <class Bytes>
void require_zero(const Bytes& bytes) {
  if (!std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; })) std::exit(3);
}

// All that the sealing layer does.
void seal_everything(Outcome& outcome);

}  // namespace latchkey
