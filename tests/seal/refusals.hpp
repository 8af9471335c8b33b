// Memory, randomness and work that are refused to an operation of the sealing layer, or a purge()
// by another thread in the middle of it.
//
// The linker sends the library's calls of the heap, of the random generator and of libcrypto to
// refusals.cpp (see meson.build), and libcrypto's heap is there by its own way.
#pragma once

#include "api/support.hpp"
#include "latchkey/kem.hpp"
#include "support/purge_at_each_step.hpp"

namespace latchkey::test {

// Empties libcrypto's list of errors. Behind errors that another test left, the library cannot tell
// that memory was refused (crypto/libcrypto.hpp).
void forget_errors_of_libcrypto();

// Whether libcrypto's heap is ours: not if it had blocks before main().
bool refusals_are_installed();

// As require_errors_in_trouble(), but which error a refusal is depends on who was refused. To
// libcrypto it may be none: it has other ways for some.
template <class Make, class Use>
void require_errors(Make make, Use use) {
  REQUIRE(refusals_are_installed());
  forget_errors_of_libcrypto();
  {
    auto secrets = make();
    REQUIRE(use(secrets).has_value());  // what libcrypto sets up once, and never again if it fails
  }
  int errors = 0;
  for (int step = 0;; ++step) {
    CAPTURE(step);
    auto secrets = make();
    const TroubleAt trouble(Trouble::refusal, step);
    const auto result = use(secrets);
    if (!trouble.happened()) {
      REQUIRE(result.has_value());
      break;
    }
    if (result) continue;
    CAPTURE(describe(result.error()));
    const bool says_so =
        result.error() == Error::memory_not_locked || result.error() == Error::no_memory ||
        result.error() == Error::no_entropy || result.error() == Error::crypto_failed;
    REQUIRE(says_so);
    ++errors;
  }
  REQUIRE(errors > 0);
  REQUIRE(require_error_at_each_step(Trouble::purge, Error::purged, make, use) > 0);
}

// The same for an operation that has a secret for its input.
template <class Make, class Use>
void require_errors_and_input(Make make, Use use) {
  require_errors(make, use);
  require_input_is_missed(make, use);
}

struct Nothing {};
inline Nothing nothing() { return {}; }

// A key, and something that was sent to it.
template <Kem K>
struct Pair {
  typename K::DecapsulationKey key = K::DecapsulationKey::generate().value();
  typename K::Encapsulation sent = key.encapsulation_key().encapsulate().value();
  const typename K::EncapsulationKey& pub() const { return key.encapsulation_key(); }
};
template <Kem K>
Pair<K> pair() {
  return {};
}

}  // namespace latchkey::test
