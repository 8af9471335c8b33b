// The choice of a backend, and use() in the middle of it. In a process of its own: there is one
// choice in each.
//
// The linker sends the library's calls of secure_getenv, with which the choice begins, here (see
// meson.build).

#include <atomic>

#include "api/support.hpp"
#include "dispatch/dispatch.hpp"

namespace {

// Atomic: other tests of this program make the choice by many threads at once.
std::atomic<void (*)()> before_choice = nullptr;

}  // namespace

extern "C" {

char* __real_secure_getenv(const char* name);
char* __wrap_secure_getenv(const char* name) {
  if (auto* const first = before_choice.exchange(nullptr)) first();
  return __real_secure_getenv(name);
}

}  // extern "C"

namespace latchkey::test {
namespace {

TEST_CASE("A backend that is named while another thread chooses one stays", "[.][choice]") {
  before_choice = [] { REQUIRE(dispatch::use("ref")); };
  REQUIRE(backend_name() == std::string("ref"));
  REQUIRE(before_choice.load() == nullptr);
  REQUIRE(backend_name() == std::string("ref"));
}

}  // namespace
}  // namespace latchkey::test
