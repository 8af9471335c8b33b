// Trouble at each step of an operation: a purge() where another thread could make it, or an
// allocation that is refused.
//
// Steps of the first kind are the calls of memory::bytes_of and memory::check_after_use, by which
// operations find their secrets and ask afterwards whether they are still there; of the second, the
// calls of memory::allocate_slot and memory::allocate_inheritable. Before these there may also be a
// purge, which spares what is allocated. The linker sends these calls of the library, a static one,
// to purge_at_each_step.cpp (see meson.build).
#pragma once

#include <algorithm>
#include <string>

#include "latchkey/result.hpp"
#include "support/catch.hpp"

namespace latchkey::test {

enum class Trouble { none, purge, refusal, purge_before_allocation };

// While one lives, there is trouble at the step of this number, counted from 0.
class TroubleAt {
 public:
  TroubleAt(Trouble kind, int step) noexcept;
  ~TroubleAt();
  TroubleAt(const TroubleAt&) = delete;
  TroubleAt& operator=(const TroubleAt&) = delete;

  // Whether there was such a step.
  [[nodiscard]] bool happened() const noexcept;
};

// A step: whether there is to be trouble of this kind now.
bool is_due(Trouble kind) noexcept;

// Whether these are zeros: what an operation leaves in its output when it fails.
template <class Bytes>
bool is_zero(const Bytes& bytes) {
  return std::ranges::all_of(bytes, [](auto byte) { return byte == 0; });
}

// Calls use(make()) over and over, with trouble at another step each time, and requires that it is
// an error; then once without, and requires success. Returns how many steps there are.
template <class Make, class Use>
int require_error_at_each_step(Trouble kind, Error expected, Make make, Use use) {
  for (int step = 0;; ++step) {
    CAPTURE(step);
    auto secrets = make();
    const TroubleAt trouble(kind, step);
    const auto result = use(secrets);
    if (!trouble.happened()) {
      REQUIRE(result.has_value());
      return step;
    }
    REQUIRE_FALSE(result.has_value());
    REQUIRE(describe(result.error()) == std::string(describe(expected)));
  }
}

// Both kinds, for an operation on secrets. Every secret of the process goes.
template <class Make, class Use>
void require_errors_in_trouble(Make make, Use use) {
  require_error_at_each_step(Trouble::refusal, Error::memory_not_locked, make, use);
  REQUIRE(require_error_at_each_step(Trouble::purge, Error::purged, make, use) > 0);
}

// A purge between two steps of an operation that has a secret for its input: what it read is gone,
// whatever it allocates afterwards.
template <class Make, class Use>
void require_input_is_missed(Make make, Use use) {
  REQUIRE(require_error_at_each_step(Trouble::purge_before_allocation, Error::purged, make, use) >
          0);
}

}  // namespace latchkey::test
