// What the policy makes of pages that the system refuses: hidden ones, memfd_secret(2), and more
// mappings than a process may have.

#include <sys/mman.h>

#include <cstdio>

#include "memory/support.hpp"
#include "memory/system.hpp"

namespace latchkey::test {
namespace {

bool is(const auto& result, Error error) { return !result && result.error() == error; }

void require_zero(const Ending& ending) {
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

// Both of what hides pages, and all that madvise(2) does.
bool hides(Call call, long advice) {
  return call == Call::madvise && (advice == MADV_DONTDUMP || advice == MADV_DONTFORK);
}

TEST_CASE("Memory that cannot be hidden is an error or counts as not locked, as the policy says") {
  for (const bool all : {false, true}) {
    require_zero(in_child([=] {
      const Interposed none([=](Call call, long advice) {
        return all ? call == Call::madvise : hides(call, advice);
      });
      for (const std::size_t size : {32u, 5000u}) {
        if (!set_memory_policy(Policy::require)) return 1;
        if (!is(LockedBuffer::create(size), Error::memory_not_protected)) return 2;
        if (!set_memory_policy(Policy::best_effort)) return 3;
        auto ordinary = LockedBuffer::random(size);
        if (!ordinary || ordinary->is_locked()) return 4;
        // It is a child's memory, too, and the library does not let it use that.
        const pid_t child = fork();
        if (child == 0) _exit(is(ordinary->read([](View) {}), Error::inherited) ? 0 : 1);
        int status = 0;
        waitpid(child, &status, 0);
        if (status != 0) return 5;
        // Another policy does not meet it.
        if (!set_memory_policy(Policy::require)) return 6;
        if (!is(LockedBuffer::create(size), Error::memory_not_protected)) return 7;
      }
      return 0;
    }));
  }
}

TEST_CASE("memfd_secret() is never called where the policy forbids it") {
  const auto calls_with = [](Policy policy) {
    const Ending ending = in_child([=] {
      constexpr long kMemfdSecret = 447;
      int calls = 0;
      const Interposed counted([&](Call call, long number) {
        calls += call == Call::syscall && number == kMemfdSecret;
        return false;
      });
      if (!set_memory_policy(policy)) return 100;
      const auto large = LockedBuffer::random(5000), parcel = LockedBuffer::inheritable(32);
      return large && parcel && large->is_locked() ? calls : 101;
    });
    REQUIRE(ending.signal == 0);
    return ending.status;
  };
  REQUIRE(calls_with(Policy::require) == 1);
  REQUIRE(calls_with(Policy::require | Policy::no_memfd_secret) == 0);
  REQUIRE(calls_with(Policy::best_effort | Policy::no_memfd_secret) == 0);
}

std::size_t number_in(const char* path) {
  std::FILE* const file = std::fopen(path, "r");
  std::size_t number = 0;
  if (file == nullptr || std::fscanf(file, "%zu", &number) != 1) number = 0;
  if (file != nullptr) std::fclose(file);
  return number;
}

// Single pages that cannot be one mapping, until there are no more but so many to spare.
void use_up_mappings(int spare) {
  std::vector<void*> last(static_cast<std::size_t>(spare));
  for (int i = 0;; ++i) {
    const int access = i % 2 == 0 ? PROT_NONE : PROT_READ;
    void* const page = mmap(nullptr, 1, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) break;
    last.push_back(page);
    last.erase(last.begin());
  }
  for (void* const page : last) munmap(page, 1);
}

TEST_CASE("Where the process has no mapping left, the error says so") {
  const std::size_t limit = number_in("/proc/sys/vm/max_map_count");
  if (limit == 0 || limit > 100'000) return;  // it would take long
  // None for a reservation, one for that and none for its parts, and one part too few.
  for (const int spare : {0, 1, 2}) {
    for (const Policy policy : {Policy::require, Policy::best_effort}) {
      CAPTURE(spare);
      require_zero(in_child([=] {
        if (!set_memory_policy(policy)) return 1;
        std::vector<LockedBuffer> many;
        for (int i = 0; i < 100; ++i) many.push_back(LockedBuffer::create(5000).value());
        use_up_mappings(spare);
        Error why{};
        for (int i = 0; i < 10; ++i) {
          auto next = LockedBuffer::create(5000);
          if (!next) {
            why = next.error();
            break;
          }
          many.push_back(std::move(*next));
        }
        if (why != Error::too_many_mappings) return 2;
        many.resize(50);
        return LockedBuffer::create(5000) ? 0 : 3;
      }));
    }
  }
}

}  // namespace
}  // namespace latchkey::test
