// Each operation of the sealing layer that handles secrets, on inputs and outputs that lie off the
// stack: for tests of what it leaves behind, of its faults and of the stack that it needs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "seal/secrets.hpp"
#include "support/random.hpp"

namespace latchkey::test {

struct SealOperation {
  std::string name;
  // The error that it ends with, if it does.
  std::function<Result<void>()> run;
  // After a success: whether it made what it should.
  std::function<bool()> right;
  // After an error: whether what the caller gave it to write to is zeroed.
  std::function<bool()> zeroed;
  // After a success: all secrets that arose.
  std::function<SealSecrets()> secrets;
  // Drops what it made.
  std::function<void()> clear;
  // Where it must not succeed at all: its error.
  std::optional<Error> refuses = {};
};

// With fresh inputs. They keep those alive.
std::vector<SealOperation> seal_operations(Random& random);

}  // namespace latchkey::test
