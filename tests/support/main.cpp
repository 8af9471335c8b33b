#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_RUNNER
#endif
#include <cstdio>
#include <cstdlib>

#include "latchkey/secret_memory.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"

namespace latchkey::test {

std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* wish = std::getenv("LATCHKEY_TEST_SEED");
    const std::uint64_t chosen =
        wish != nullptr ? std::strtoull(wish, nullptr, 10) : std::random_device{}();
    std::printf("LATCHKEY_TEST_SEED=%llu\n", static_cast<unsigned long long>(chosen));
    std::fflush(stdout);
    return chosen;
  }();
  return value;
}

}  // namespace latchkey::test

// With LATCHKEY_TEST_PROTECTION_KEYS all tests run with their secrets closed to stray pointers.
int main(int argc, char** argv) {
  if (std::getenv("LATCHKEY_TEST_PROTECTION_KEYS") != nullptr) {
    using latchkey::Policy;
    const auto set = latchkey::set_memory_policy(Policy::require | Policy::protection_keys);
    if (!set || !latchkey::has_protection_keys()) {
      std::fputs("this machine has no protection keys\n", stderr);
      return 1;
    }
  }
  return Catch::Session().run(argc, argv);
}
