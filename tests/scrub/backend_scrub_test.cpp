// What each operation of each backend leaves on the stack and in registers: nothing. The same
// operations without their wiping leave thousands of bytes of secrets, so the scan sees what there
// is.

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "base/stack.hpp"
#include "mlkem/backends.hpp"
#include "scrub/controls.hpp"
#include "scrub/operations.hpp"
#include "scrub/private_stack.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

// What was found where, in several runs, and how deep the operation went.
struct Remains {
  Found on_stack, in_registers;
  std::size_t used = 0;   // bytes of stack, at the most
  std::size_t dirty = 0;  // bytes of stack that are neither paint nor zero, at the most
};

void add(Found& sum, const Found& found) {
  for (const auto& [name, count] : found) sum[name] += count;
}

Remains remains_of(const Operation& operation, const mlkem::KemTable& ops) {
  static PrivateStack stack;
  const Finder finder(operation.secrets);
  Remains remains;
  // Some frames are aligned to 64 bytes, so it matters where the first begins.
  for (const std::size_t offset : {0, 16, 32, 48}) {
    auto run = [&] { operation.run(ops); };
    stack.run(run, offset);
    add(remains.on_stack, finder.find(stack.bytes()));
    add(remains.in_registers, finder.find(stack.register_bytes()));
    remains.used = std::max(remains.used, stack.used());
    remains.dirty = std::max(remains.dirty, stack.dirty());
  }
  return remains;
}

// The frames of this test, and the return addresses below them.
#if defined(__OPTIMIZE__) && !defined(LATCHKEY_UNOPTIMISED)
constexpr std::size_t kDirtyFrames = 192;
#else
constexpr std::size_t kDirtyFrames = 640;
#endif

// Between what an operation uses and what is wiped.
constexpr std::size_t kMargin = 512;

TEST_CASE("No operation leaves a secret on the stack or in a register") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  std::printf("scrub: %-24s %6s %6s   %s\n", backend.kem->name, "used", "wiped",
              "left by the control on the stack, in registers");
  std::size_t left_in_registers = 0;
  for (const Operation& operation : operations(backend, random)) {
    CAPTURE(operation.name);
    const Remains wiped = remains_of(operation, *backend.kem);
    CHECK(describe(wiped.on_stack) == "nothing");
    CHECK(describe(wiped.in_registers) == "nothing");
    CHECK(wiped.dirty < kDirtyFrames);

    // The control: the scan must see what is there.
    const Remains control = remains_of(operation, unwiped(backend.kem->name));
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
