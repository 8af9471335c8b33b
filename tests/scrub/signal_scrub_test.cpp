// What signals during an operation leave on the stack: nothing, neither in the frames that the
// kernel writes nor below them. The handler runs on the ordinary stack: what is on a stack of its
// own (sigaltstack) is not wiped.

#include <cstdio>

#include "mlkem/backends.hpp"
#include "scrub/interrupted.hpp"
#include "scrub/operations.hpp"
#include "scrub/private_stack.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

void add(Found& sum, const Found& found) {
  for (const auto& [name, count] : found) sum[name] += count;
}

TEST_CASE("Under a timer's signals 1,000 calls of each backend leave no secret on the stack") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  static PrivateStack stack;
  Found found;
  std::size_t calls = 0;
  signals_handled();
  while (calls < 1000) {
    for (const Operation& operation : operations(backend, random)) {
      const Finder finder(operation.secrets);
      for (int i = 0; i < 20; ++i, ++calls) {
        auto run = [&] {
          const TimerSignals timer(random.between(10, 100));
          operation.run(*backend.kem);
        };
        stack.run(run);
        add(found, finder.find(stack.bytes()));
      }
    }
  }
  const std::size_t signals = signals_handled();
  std::printf("scrub: %-8s %zu calls, %zu signals: %s\n", backend.kem->name, calls, signals,
              describe(found).c_str());
  CHECK(describe(found) == "nothing");
  CHECK(signals > 100);
}

void require_nothing_at_any_instruction(const dispatch::Backend& backend,
                                        bool (*wanted)(const std::string&), int times) {
  Random random;
  static PrivateStack stack;
  for (const Operation& operation : operations(backend, random)) {
    if (!wanted(operation.name)) continue;
    CAPTURE(operation.name);
    auto run = [&] { operation.run(*backend.kem); };
    const Finder finder(operation.secrets);
    Found found;
    signals_handled();
    const auto find = [&](auto& interrupted) {
      stack.run(interrupted);
      add(found, finder.find(stack.bytes()));
    };
    interrupt_in_many_places(
        run, find, [&](std::size_t n) { return random.between<std::size_t>(0, n - 1); }, times);
    const std::size_t signals = signals_handled();
    std::printf("scrub: %-8s %-24s %8zu signals: %s\n", backend.kem->name, operation.name.c_str(),
                signals, describe(found).c_str());
    CHECK(describe(found) == "nothing");
    if (kEachInstruction) CHECK(signals > 1000);
  }
}

TEST_CASE("A signal at each instruction of a short operation leaves no secret on the stack") {
  LATCHKEY_EACH_BACKEND(backend);
  require_nothing_at_any_instruction(
      backend, [](const std::string& name) { return name == "encode_dk" || name == "hash"; }, 24);
}

TEST_CASE("A signal at each instruction of any operation leaves no secret on the stack",
          "[.soak]") {
  LATCHKEY_EACH_BACKEND(backend);
  require_nothing_at_any_instruction(
      backend, [](const std::string&) { return true; }, 4);
}

}  // namespace
}  // namespace latchkey::test
