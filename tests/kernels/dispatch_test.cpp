// The choice of a backend by name.
#include "kernels/rows.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("Every backend that runs here can be chosen by its name, and no other") {
  const core::KemOps& before = dispatch::kem_ops();
  for (const dispatch::Row& row : supported_rows()) {
    CHECK(dispatch::use(row.kem->name));
    CHECK(&dispatch::kem_ops() == row.kem);
  }
  const core::KemOps& last = dispatch::kem_ops();
  for (const char* name : {"", "re", "refs", "none"}) {
    CAPTURE(name);
    CHECK_FALSE(dispatch::use(name));
    CHECK(&dispatch::kem_ops() == &last);
  }
  CHECK(dispatch::use(before.name));
}

}  // namespace
}  // namespace latchkey::test
