// How a command ends without success: one line for people, which main() prints on stderr.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "latchkey/result.hpp"
#include "text/text.hpp"

namespace latchkey::cli {

// Without words, what went wrong was said already.
struct Failure : std::runtime_error {
  // Exit statuses of the tool. Those from kClassical on are of `tls-check` alone.
  enum Status : int {
    kFailed = 1,
    kUsage = 2,
    kUnsupported = 3,
    kClassical = 4,
    kNoModule = 5,
    kMisconfigured = 6,
    kNotConnected = 7
  };

  explicit Failure(const std::string& what, Status exit_status = kFailed)
      : std::runtime_error(what), status(exit_status) {}

  Status status;
};

// The password of a private key is wrong; another of the given keys may still fit.
struct WrongPassword : Failure {
  using Failure::Failure;
};

[[noreturn]] void fail(const std::string& what, Error why);
// The reason is errno's.
[[noreturn]] void fail_by_errno(const std::string& what);

// Prints one line on stderr; the command goes on.
void warn(const std::string& what);

// The value of a result, or a Failure that says what could not be done and why.
template <class T>
T value_of(Result<T> result, const char* what) {
  if (!result) fail(what, result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

using text::in_one_line;  // for what comes from elsewhere

// Sends what was printed to stdout on its way. A full disk is a Failure, not a success.
void flush_output();

}  // namespace latchkey::cli
