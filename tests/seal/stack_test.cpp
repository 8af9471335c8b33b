// How much stack each operation of the sealing layer needs, and libcrypto's first use.

#include <algorithm>
#include <cstdio>

#include "api/small_stack.hpp"
#include "base/stack.hpp"
#include "latchkey/seal.hpp"
#include "seal/operations.hpp"
#include "support/catch.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

#ifndef LATCHKEY_SANITIZED

template <class F>
std::size_t used_by(F& f) {
  auto nothing = [] {};
  return stack_used(f) - stack_used(nothing);
}

TEST_CASE("Optimised, every operation of the sealing layer works with 64 KiB of stack") {
  Random random;
  for (const SealOperation& operation : seal_operations(random)) {
    Result<void> done;
    auto run = [&] { done = operation.run(); };
    run();  // before, so that libcrypto has what it fetches
    const std::size_t used = used_by(run);
    std::printf("stack: %-40s %6zu bytes\n", operation.name.c_str(), used);
    CAPTURE(operation.name, used);
    CHECK(done.has_value() == !operation.refuses);
#if defined(__OPTIMIZE__) && !defined(LATCHKEY_UNOPTIMISED)
    CHECK(used < 32 * 1024 + base::signal_depth());
#endif
  }
}

TEST_CASE("Optimised, sealing to the largest keys works with 64 KiB of stack, too") {
  const auto key = mlkem1024::DecapsulationKey::generate();
  Result<SealedMessage> sealed(std::in_place);
  Result<LockedBuffer> opened(std::in_place);
  auto seal = [&] { sealed = seal_for(key->encapsulation_key(), {}, {}, {}); };
  auto open = [&] { opened = open_sealed(*key, sealed->bytes(), {}, {}); };
  seal();
  open();
  const std::size_t to_seal = used_by(seal), to_open = used_by(open);
  std::printf("stack: %-40s %6zu bytes\n", "seal_for, ML-KEM-1024", to_seal);
  std::printf("stack: %-40s %6zu bytes\n", "open_sealed, ML-KEM-1024", to_open);
  CHECK(sealed.has_value());
  CHECK(opened.has_value());
#if defined(__OPTIMIZE__) && !defined(LATCHKEY_UNOPTIMISED)
  CHECK(std::max(to_seal, to_open) < 32 * 1024 + base::signal_depth());
#endif
}

// In a process that has not used libcrypto before: run alone.
TEST_CASE("Optimised, so does what is libcrypto's first use", "[.first-use]") {
  Result<void> done;
  auto run = [&] {
    const auto key = xwing::DecapsulationKey::generate();
    const auto sealed = seal_for(key->encapsulation_key(), {}, {}, {});
    const auto opened = open_sealed(*key, sealed->bytes(), {}, {});
    if (!opened) done = opened.error();
  };
  const std::size_t used = used_by(run);
  std::printf("stack: %-40s %6zu bytes\n", "libcrypto's first use", used);
  CHECK(done.has_value());
}

#endif

}  // namespace
}  // namespace latchkey::test
