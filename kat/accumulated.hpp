// Accumulated figures: one hash over the outputs of many rounds whose inputs come from another.
#pragma once

#include <cstdint>
#include <string>

#include "latchkey/mlkem.hpp"

namespace latchkey::kat {

struct Accumulated {
  std::string figure;    // 64 hex digits
  std::string expected;  // empty if nobody knows it for this number of rounds
  std::string failure;   // empty if all is well
};

// README.md says what a round is. Uses the backend that is in use.
Accumulated accumulate(MlKem set, std::uint64_t rounds);

}  // namespace latchkey::kat
