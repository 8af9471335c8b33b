// What signals during an operation leave on the stack: nothing, neither in the frames that the
// kernel writes nor below them. The handler runs on the ordinary stack: what is on a stack of its
// own (sigaltstack) is not wiped.

#include <cstdio>

#include "mlkem/backends.hpp"
#include "scrub/form_operations.hpp"
#include "scrub/interrupted.hpp"
#include "scrub/operations.hpp"
#include "scrub/remains.hpp"
#include "support/catch.hpp"
#include "x25519/forms.hpp"

namespace latchkey::test {
namespace {

// An operation by one backend, or by one form of X25519.
struct Call {
  std::string name;
  std::function<void()> run;
  std::vector<Secret> secrets;
};

std::vector<Call> calls_of(const dispatch::Backend& backend, Random& random) {
  std::vector<Call> calls;
  for (const Operation& operation : operations(backend, random)) {
    calls.push_back({operation.name, operation.run, operation.secrets});
  }
  return calls;
}
std::vector<Call> calls_of(const dispatch::Form& form, Random& random) {
  std::vector<Call> calls;
  for (const FormOperation& operation : form_operations(random)) {
    calls.push_back({operation.name, [=] { operation.run(*form.table); }, operation.secrets});
  }
  return calls;
}

// Who: a backend or a form.
template <class Who>
void require_nothing_under_a_timer(const Who& who, const char* name) {
  Random random;
  static PrivateStack stack;
  Found found;
  signals_handled();
  // Each many times, because to find out its secrets takes longer.
  const std::vector<Call> all = calls_of(who, random);
  const std::size_t times = 1000 / all.size() + 1;
  for (const Call& call : all) {
    const Finder finder(call.secrets);
    for (std::size_t i = 0; i < times; ++i) {
      auto run = [&] {
        const TimerSignals timer(random.between(10, 100));
        call.run();
      };
      stack.run(run);
      add(found, finder.find(stack.bytes()));
    }
  }
  const std::size_t signals = signals_handled();
  std::printf("scrub: %-8s %zu calls, %zu signals: %s\n", name, times * all.size(), signals,
              describe(found).c_str());
  CHECK(describe(found) == "nothing");
  CHECK(signals > 100);
}

TEST_CASE("Under a timer's signals 1,000 calls of each backend leave no secret on the stack") {
  LATCHKEY_EACH_BACKEND(backend);
  require_nothing_under_a_timer(backend, backend.hash->name);
}
TEST_CASE("Under a timer's signals 1,000 calls of each form of X25519 leave no secret there") {
  LATCHKEY_EACH_FORM(form);
  require_nothing_under_a_timer(form, form.table->name);
}

template <class Who>
void require_nothing_at_any_instruction(const Who& who, const char* name,
                                        bool (*wanted)(const std::string&), int times) {
  Random random;
  static PrivateStack stack;
  for (const Call& call : calls_of(who, random)) {
    if (!wanted(call.name)) continue;
    CAPTURE(call.name);
    auto run = [&] { call.run(); };
    const Finder finder(call.secrets);
    Found found;
    signals_handled();
    const auto find = [&](auto& interrupted) {
      stack.run(interrupted);
      add(found, finder.find(stack.bytes()));
    };
    interrupt_in_many_places(
        run, find, [&](std::size_t n) { return random.between<std::size_t>(0, n - 1); }, times);
    const std::size_t signals = signals_handled();
    std::printf("scrub: %-8s %-24s %8zu signals: %s\n", name, call.name.c_str(), signals,
                describe(found).c_str());
    CHECK(describe(found) == "nothing");
    if (kEachInstruction) CHECK(signals > 1000);
  }
}

TEST_CASE("A signal at each instruction of a short operation leaves no secret on the stack") {
  LATCHKEY_EACH_BACKEND(backend);
  require_nothing_at_any_instruction(
      backend, backend.hash->name,
      [](const std::string& name) { return name == "k = 3, encode_dk" || name == "hash"; }, 24);
}
TEST_CASE("A signal at each instruction on the way to a public key leaves no secret there") {
  LATCHKEY_EACH_FORM(form);
  require_nothing_at_any_instruction(
      form, form.table->name, [](const std::string& name) { return name == "public_key"; }, 8);
}

TEST_CASE("A signal at each instruction of any operation leaves no secret on the stack",
          "[.soak]") {
  LATCHKEY_EACH_BACKEND(backend);
  require_nothing_at_any_instruction(
      backend, backend.hash->name, [](const std::string&) { return true; }, 4);
}
TEST_CASE("A signal at each instruction of any operation of X25519 leaves no secret there",
          "[.soak]") {
  LATCHKEY_EACH_FORM(form);
  require_nothing_at_any_instruction(
      form, form.table->name, [](const std::string&) { return true; }, 4);
}

}  // namespace
}  // namespace latchkey::test
