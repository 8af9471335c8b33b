// Errors without exceptions.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>

#include "latchkey/export.h"

// libc++ mangles the names of standard classes differently: programs would not link.
#if defined(_LIBCPP_VERSION)
#error "Latchkey supports the C++ standard library libstdc++ only: leave out -stdlib=libc++"
#endif

LATCHKEY_API_BEGIN

namespace latchkey {

// The errors, which error_list.h lists with their texts. Their numbers never change.
enum class Error : std::uint8_t {
#define LATCHKEY_ERROR(name, NAME, number, text) name = number,
#include "latchkey/error_list.h"
};

// One sentence for people, without a full stop. Never null. Thread-safe. Lasts for ever.
[[nodiscard]] const char* describe(Error error) noexcept;

// A value or an Error. Reading the one that is not there ends the program: test first.
//
// Read the value through a named Result: `result->f()`, `*result`. A temporary Result is destroyed
// at the end of the statement, and the result of f() may point into it. So `make()->f()` does not
// compile. `*make()` moves the value out, and so does dereferencing a Result that is moved from.
//
// There is no Result<bool>: `if (result)` would test for success, but look like a test of the bool.
// Return Result<void> with an Error for "no", or an enumeration.
template <class T>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<std::remove_cv_t<T>, bool>,
                "Result<bool> is true if there is no error. Return Result<void> with an "
                "Error for false, or an enumeration.");

 public:
  // What a function returns in the one case or the other.
  Result(T value) noexcept : value_(std::move(value)), has_value_(true) {}  // NOLINT: implicit
  Result(Error error) noexcept : error_(error), has_value_(false) {}        // NOLINT: implicit
  // A default value, for a function that fills a large one where it will be returned.
  explicit Result(std::in_place_t) noexcept : value_(), has_value_(true) {}
  // What is in the other one is moved from.
  Result(Result&& other) noexcept : has_value_(other.has_value_) {
    if (has_value_) {
      ::new (&value_) T(std::move(other.value_));
    } else {
      error_ = other.error_;
    }
  }
  Result& operator=(Result&& other) noexcept {
    if (this != &other) {
      this->~Result();
      ::new (this) Result(std::move(other));
    }
    return *this;
  }
  Result& operator=(Error error) noexcept {
    this->~Result();
    ::new (this) Result(error);
    return *this;
  }
  ~Result() {
    if (has_value_) value_.~T();
  }

  // Whether there is a value.
  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value_; }

  // The value, which must be there. A temporary Result moves it out.
  [[nodiscard]] T& value() & noexcept LATCHKEY_LIFETIMEBOUND { return *pointer(); }
  [[nodiscard]] const T& value() const& noexcept LATCHKEY_LIFETIMEBOUND { return *pointer(); }
  [[nodiscard]] T value() && noexcept { return std::move(*pointer()); }
  T value() const&& = delete;
  [[nodiscard]] T& operator*() & noexcept LATCHKEY_LIFETIMEBOUND { return *pointer(); }
  [[nodiscard]] const T& operator*() const& noexcept LATCHKEY_LIFETIMEBOUND { return *pointer(); }
  [[nodiscard]] T operator*() && noexcept { return std::move(*pointer()); }
  T operator*() const&& = delete;
  [[nodiscard]] T* operator->() & noexcept LATCHKEY_LIFETIMEBOUND { return pointer(); }
  [[nodiscard]] const T* operator->() const& noexcept LATCHKEY_LIFETIMEBOUND { return pointer(); }
  T* operator->() && = delete;  // give the Result a name first: auto result = ...; result->...
  const T* operator->() const&& = delete;

  // The error, which is to be there.
  [[nodiscard]] Error error() const noexcept {
    if (has_value_) std::abort();
    return error_;
  }

 private:
  T* pointer() noexcept {
    if (!has_value_) std::abort();
    return &value_;
  }
  const T* pointer() const noexcept {
    if (!has_value_) std::abort();
    return &value_;
  }

  union {
    T value_;
    Error error_;
  };
  bool has_value_;
};

// Success or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  // What a function returns in the one case or the other.
  Result() noexcept = default;
  Result(Error error) noexcept : error_(error), has_value_(false) {}  // NOLINT: implicit

  // Whether there is no error.
  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value_; }

  // The error, which is to be there.
  [[nodiscard]] Error error() const noexcept {
    if (has_value_) std::abort();
    return error_;
  }

 private:
  Error error_{};
  bool has_value_ = true;
};

}  // namespace latchkey

LATCHKEY_API_END
