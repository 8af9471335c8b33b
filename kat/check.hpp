// Checks a record: every path of its section must give the record's answers, or reject it.
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

// The value, or refuse().
template <class T>
T accepted(Result<T> result) {
  if (!result) refuse(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

// What is wrong, a sentence for each path that went wrong; nothing if the record passed. Uses the
// backend that is in use.
std::vector<std::string> check(const Record& record);

}  // namespace latchkey::kat
