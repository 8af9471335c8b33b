// The choice of a backend by name.
#include "mlkem/backends.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("Every backend that runs here can be chosen by its name, and no other") {
  const mlkem::KemTable& before = dispatch::kem_table();
  for (const dispatch::Backend& backend : supported_backends()) {
    CHECK(dispatch::use(backend.kem->name));
    CHECK(&dispatch::kem_table() == backend.kem);
  }
  const mlkem::KemTable& last = dispatch::kem_table();
  for (const char* name : {"", "re", "refs", "none"}) {
    CAPTURE(name);
    CHECK_FALSE(dispatch::use(name));
    CHECK(&dispatch::kem_table() == &last);
  }
  CHECK(dispatch::use(before.name));
}

}  // namespace
}  // namespace latchkey::test
