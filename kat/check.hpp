// Checks records: every path of a record's section must give its answers, or reject it; and those
// with answers are checked once more in batches.
#pragma once

#include <stdexcept>

#include "latchkey/mlkem768.hpp"
#include "section.hpp"

namespace latchkey::kat {

// The library did not take an input. what() says why.
class Rejected : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws Rejected if it is an input that was wrong, else std::runtime_error.
[[noreturn]] void refuse(Error error);

// An input that the library takes as a span of 32 bytes: it cannot be handed any other length.
inline std::span<const std::uint8_t, 32> fixed(const char* name,
                                               std::span<const std::uint8_t> bytes) {
  if (bytes.size() != 32) throw Rejected(std::string(name) + " is not 32 bytes long");
  return bytes.first<32>();
}

// The value, or refuse().
template <class T>
T accepted(Result<T> result) {
  if (!result) refuse(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

// A sentence for each path that went wrong; none if the record passed.
using Faults = std::vector<std::string>;

// What is wrong with each record. Uses the backend that is in use.
std::vector<Faults> check(std::span<const Record> records);

}  // namespace latchkey::kat
