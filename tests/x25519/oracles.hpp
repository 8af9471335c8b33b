// X25519 by libraries that are not ours.
#pragma once

#include <vector>

#include "x25519/exchange.hpp"

namespace latchkey::test {

struct Oracle {
  const char* name;
  Answer (*answer)(const Exchange&);
};

// libcrypto, and libsodium where this was built with it.
std::vector<Oracle> oracles();

}  // namespace latchkey::test
