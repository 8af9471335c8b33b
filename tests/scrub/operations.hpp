// Each operation of a backend that handles secrets, for each parameter set, on inputs and outputs
// that lie off the stack.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scrub/secrets.hpp"
#include "support/random.hpp"

namespace latchkey::test {

struct Operation {
  std::string name;
  // By the backend, and by the control that wipes nothing. They throw if it goes wrong.
  std::function<void()> run, run_unwiped;
  std::vector<Secret> secrets;
  // What it leaves if nothing is wiped: the most of its working state, or what its copies went
  // through, or nothing, since it ended before it came to a secret.
  enum Leaves { state, copies, nothing } leaves;
};

// With fresh inputs. The secrets are those that arise when `backend` runs them.
std::vector<Operation> operations(const dispatch::Backend& backend, Random& random);

}  // namespace latchkey::test
