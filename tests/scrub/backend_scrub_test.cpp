// What each operation of each backend leaves on the stack and in registers: nothing. The same
// operations without their wiping leave thousands of bytes of secrets, so the scan sees what there
// is.

#include <cstdio>

#include "base/stack.hpp"
#include "mlkem/backends.hpp"
#include "scrub/operations.hpp"
#include "scrub/remains.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("No operation leaves a secret on the stack or in a register") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  std::printf("scrub: %-24s %6s %6s   %s\n", backend.hash->name, "used", "wiped",
              "left by the control on the stack, in registers");
  std::size_t left_in_registers = 0;
  for (const Operation& operation : operations(backend, random)) {
    CAPTURE(operation.name);
    const Finder finder(operation.secrets);
    const Remains wiped = remains_of(finder, operation.run);
    CHECK(describe(wiped.on_stack) == "nothing");
    CHECK(describe(wiped.in_registers) == "nothing");
    CHECK(wiped.dirty < kDirtyFrames);

    // The control: the scan must see what is there.
    const Remains control = remains_of(finder, operation.run_unwiped);
    CAPTURE(describe(control.on_stack), describe(control.in_registers));
    std::printf("scrub: %-24s %6zu %6zu   %zu, %zu\n", operation.name.c_str(), control.used,
                wiped.used, total(control.on_stack), total(control.in_registers));
    CHECK(wiped.used >= control.used + base::signal_depth() + kMargin);
    if (operation.leaves == Operation::state) CHECK(total(control.on_stack) > 1000);
#ifdef __x86_64__
    if (operation.leaves == Operation::copies) {
      CHECK(total(control.on_stack) + total(control.in_registers) > 0);
    }
#endif
    left_in_registers += total(control.in_registers);
  }
#ifdef __x86_64__
  CHECK(left_in_registers > 0);
#endif
}

}  // namespace
}  // namespace latchkey::test
