// No operation of any row leaves a secret on the stack or in a register, and the same operations
// without their wiping do: the scan sees what there is.

#include <cstdio>
#include <string_view>

#include "kernels/rows.hpp"
#include "scrub/controls.hpp"
#include "scrub/operations.hpp"
#include "scrub/private_stack.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

// Of the backend with that name.
const core::KemOps& unwiped(std::string_view name) noexcept {
#ifdef LATCHKEY_HAVE_AVX2
  if (name == avx2::unwiped_ops.name) return avx2::unwiped_ops;
#endif
#ifdef LATCHKEY_HAVE_AVX512
  if (name == avx512::unwiped_ops.name) return avx512::unwiped_ops;
#endif
  return ref::unwiped_ops;
}

// What was found where, and how deep the operation went.
struct Remains {
  std::map<std::string, std::size_t> on_stack, in_registers;
  std::size_t used = 0;   // bytes of stack
  std::size_t dirty = 0;  // bytes of stack that are neither paint nor zero
};

Remains remains_of(const Operation& operation, const core::KemOps& ops) {
  static PrivateStack stack;
  const Finder finder(operation.secrets);
  Remains remains;
  // Frames are aligned to 64 bytes, so the depth depends on where they begin.
  for (const std::size_t offset : {0, 16, 32, 48}) {
    auto run = [&] { operation.run(ops); };
    stack.run(run, offset);
    remains.on_stack.merge(finder.find(stack.bytes()));
    remains.in_registers.merge(finder.find(
        View(reinterpret_cast<const std::uint8_t*>(&stack.registers()), sizeof stack.registers())));
    remains.used = std::max(remains.used, stack.used());
    remains.dirty = std::max(remains.dirty, stack.dirty());
  }
  return remains;
}

TEST_CASE(
    "No operation leaves a secret on the stack or in a register, and without wiping each does") {
  LATCHKEY_EACH_ROW(row);
  Random random;
  std::printf("%-7s %-26s %21s %14s %6s\n", row.kem->name, "bytes of stack, windows", "used  wiped",
              "stack  regs", "dirty");
  for (const Operation& operation : operations(row, random)) {
    CAPTURE(operation.name);
    const Remains wiped = remains_of(operation, *row.kem);
    const Remains control = remains_of(operation, unwiped(row.kem->name));
    std::printf("%-7s %-26s %14zu %6zu %7zu %6zu %6zu\n", row.kem->name, operation.name.c_str(),
                control.used, wiped.used, total(control.on_stack), total(control.in_registers),
                wiped.dirty);
    std::printf("   %s\n   %s\n", describe(control.on_stack).c_str(),
                describe(control.in_registers).c_str());
    CHECK(describe(wiped.on_stack) == "nothing");
    CHECK(describe(wiped.in_registers) == "nothing");
  }
}

}  // namespace
}  // namespace latchkey::test
