// What each operation of each form of X25519 leaves on the stack and in registers: nothing. The
// same operations without their wiping leave much, so the scan sees what there is.

#include <cstdio>

#include "base/stack.hpp"
#include "scrub/controls.hpp"
#include "scrub/form_operations.hpp"
#include "scrub/remains.hpp"
#include "x25519/forms.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("No operation of X25519 leaves a secret on the stack or in a register") {
  LATCHKEY_EACH_FORM(form);
  Random random;
  std::printf("scrub: %-24s %6s %6s   %s\n", form.table->name, "used", "wiped",
              "left by the control on the stack, in registers");
  const x25519::Table& control_table = unwiped_form(form.table->name);
  std::size_t left_in_registers = 0;
  for (const FormOperation& operation : form_operations(random)) {
    CAPTURE(operation.name);
    const Finder finder(operation.secrets);
    const Remains wiped = remains_of(finder, [&] { operation.run(*form.table); });
    CHECK(describe(wiped.on_stack) == "nothing");
    CHECK(describe(wiped.in_registers) == "nothing");
    CHECK(wiped.dirty < kDirtyFrames);

    const Remains control = remains_of(finder, [&] { operation.run(control_table); });
    CAPTURE(describe(control.on_stack), describe(control.in_registers));
    std::printf("scrub: %-24s %6zu %6zu   %zu, %zu\n", operation.name.c_str(), control.used,
                wiped.used, total(control.on_stack), total(control.in_registers));
    CHECK(wiped.used >= control.used + base::signal_depth() + kMargin);
    CHECK(total(control.on_stack) > 50);
    left_in_registers += total(control.in_registers);
  }
#ifdef __x86_64__
  CHECK(left_in_registers > 0);
#endif
}

}  // namespace
}  // namespace latchkey::test
