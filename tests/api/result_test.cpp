// Result and Error.

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "api/support.hpp"
#include "latchkey/latchkey.h"

namespace latchkey::test {
namespace {

// Counts the values that are alive, and can only be moved.
struct Counted {
  static inline int alive = 0;
  int value;
  explicit Counted(int v) noexcept : value(v) { ++alive; }
  Counted(Counted&& other) noexcept : value(std::exchange(other.value, 0)) { ++alive; }
  Counted& operator=(Counted&& other) noexcept {
    value = std::exchange(other.value, 0);
    return *this;
  }
  ~Counted() { --alive; }
};

using CountedResult = Result<Counted>;

// Runs f in a child; true if it called abort().
template <class F>
bool aborts(F f) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // Catch2 and sanitizers would report it
    close(STDERR_FILENO);
    f();
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
  }
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

TEST_CASE("A result holds a value or an error") {
  {
    CountedResult good{Counted(7)};
    REQUIRE(good.has_value());
    REQUIRE(good);
    REQUIRE(good->value == 7);
    REQUIRE((*good).value == 7);
    REQUIRE(std::as_const(good).value().value == 7);
    const CountedResult bad{Error::no_seed};
    REQUIRE_FALSE(bad.has_value());
    REQUIRE_FALSE(bad);
    REQUIRE(bad.error() == Error::no_seed);
    REQUIRE(Counted::alive == 1);
    const Counted taken = std::move(good).value();
    REQUIRE(taken.value == 7);
    REQUIRE(good->value == 0);
  }
  REQUIRE(Counted::alive == 0);
}

TEST_CASE("A result can be moved and assigned, whatever either side holds") {
  {
    CountedResult a{Counted(1)}, b{Counted(2)}, bad{Error::no_entropy};
    CountedResult moved(std::move(a));
    REQUIRE(moved->value == 1);
    b = std::move(moved);
    REQUIRE(b->value == 1);
    b = std::move(bad);
    REQUIRE(b.error() == Error::no_entropy);
    b = CountedResult{Counted(3)};
    REQUIRE(b->value == 3);
    CountedResult& same = b;
    b = std::move(same);
    REQUIRE(b->value == 3);
    CountedResult bad_again(CountedResult{Error::no_memory});
    REQUIRE(bad_again.error() == Error::no_memory);
  }
  REQUIRE(Counted::alive == 0);
}

TEST_CASE("A result without a value is success or an error") {
  const Result<void> good, bad{Error::no_seed};
  REQUIRE(good.has_value());
  REQUIRE(good);
  REQUIRE_FALSE(bad.has_value());
  REQUIRE_FALSE(bad);
  REQUIRE(bad.error() == Error::no_seed);
}

TEST_CASE("Reading what is not there ends the program") {
  const auto good = [] { return CountedResult{Counted(1)}; };
  const auto bad = [] { return CountedResult{Error::no_seed}; };
  REQUIRE(aborts([=] { (void)good().error(); }));
  REQUIRE(aborts([] { (void)Result<void>().error(); }));
  REQUIRE(aborts([=] { (void)bad().value(); }));
  REQUIRE(aborts([=] { (void)*bad(); }));
  REQUIRE(aborts([=] {
    auto result = bad();
    (void)result.value();
  }));
  REQUIRE(aborts([=] {
    const auto result = bad();
    (void)result.value();
    (void)*result;
  }));
  REQUIRE(aborts([=] {
    const auto result = bad();
    (void)result->value;
  }));
  REQUIRE(aborts([=] {
    auto result = bad();
    (void)result->value;
  }));
  REQUIRE_FALSE(aborts([=] { (void)*good(); }));
  REQUIRE_FALSE(aborts([=] { (void)bad().error(); }));
}

TEST_CASE("Each error has a text of its own, without a full stop, and so has no error") {
  constexpr Error kAll[] = {
#define LATCHKEY_ERROR(name, NAME, number, text) Error::name,
#include "latchkey/error_list.h"
  };
  const std::string unknown = describe(Error{0});
  REQUIRE(describe(Error{255}) == unknown);
  std::set<std::string> seen{unknown};
  int last = 0;
  for (const Error error : kAll) {
    const std::string text = describe(error);
    CAPTURE(static_cast<int>(error), text);
    REQUIRE(static_cast<int>(error) > last);  // the list is in the order of the numbers
    last = static_cast<int>(error);
    REQUIRE(text.size() > 10);
    REQUIRE(text.back() != '.');
    REQUIRE(seen.insert(text).second);
  }
  REQUIRE(describe(Error(last + 1)) == unknown);
}

TEST_CASE("The numbers of errors in C++ and C are the same") {
#define LATCHKEY_ERROR(name, NAME, number, text) \
  static_assert(static_cast<int>(Error::name) == number && LATCHKEY_E_##NAME == number);
#include "latchkey/error_list.h"
  // Some of those that programs may have stored: a number never changes.
  REQUIRE(LATCHKEY_OK == 0);
  REQUIRE(static_cast<int>(Error::encapsulation_key_length) == 1);
  REQUIRE(static_cast<int>(Error::purged) == 17);
  REQUIRE(static_cast<int>(Error::not_authentic) == 25);
  REQUIRE(static_cast<int>(Error::session_key_gone) == 44);
}

}  // namespace
}  // namespace latchkey::test
