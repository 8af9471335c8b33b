// Each operation of a form of X25519, on inputs and outputs that lie off the stack.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scrub/finder.hpp"
#include "support/random.hpp"
#include "x25519/table.hpp"

namespace latchkey::test {

struct FormOperation {
  std::string name;
  std::function<void(const x25519::Table&)> run;  // by any form
  std::vector<Secret> secrets;
};

// With fresh inputs.
std::vector<FormOperation> form_operations(Random& random);

}  // namespace latchkey::test
