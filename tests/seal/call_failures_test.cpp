// Memory and randomness that are not to be had: an operation of the sealing layer says so, or has
// another way and does what it should; it leaves nothing behind and gives nothing half-made.

#include <openssl/err.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdio>

#include "api/support.hpp"
#include "crypto/libcrypto_heap.hpp"
#include "latchkey/seal.hpp"
#include "seal/operations.hpp"

namespace {
bool no_randomness = false;
}

extern "C" {

ssize_t __real_getrandom(void* to, std::size_t size, unsigned flags);

// The linker sends the library's calls here.
ssize_t __wrap_getrandom(void* to, std::size_t size, unsigned flags) {
  if (!no_randomness) return __real_getrandom(to, size, flags);
  errno = EIO;
  return -1;
}

}  // extern "C"

namespace latchkey::test {
namespace {

void require_as_ever(const SealOperation& operation, const Result<void>& done) {
  REQUIRE(done.has_value() == !operation.refuses);
  if (operation.refuses) REQUIRE(done.error() == *operation.refuses);
}

// Runs an operation, and checks what came of it.
Result<void> checked(const SealOperation& operation) {
  const auto done = operation.run();
  if (done) {
    REQUIRE(operation.right());
  } else {
    REQUIRE(operation.zeroed());
  }
  return done;
}

struct Failures {
  std::size_t allocations = 0, errors = 0;
};

Failures fail_each_allocation(const SealOperation& operation) {
  Failures failures;
  for (std::size_t n = 0;; ++n) {
    CAPTURE(n);
    operation.clear();
    std::ptrdiff_t alive = 0;
    std::size_t allocations = 0;
    Result<void> done;
    bool good = false;
    {
      LibcryptoHeap watch;
      watch.failing = n;
      done = operation.run();
      watch.failing = SIZE_MAX;
      allocations = watch.allocations;
      good = done ? operation.right() : operation.zeroed();
      operation.clear();
      alive = watch.alive;
    }
    CHECK(good);
    CHECK(alive == 0);
    if (allocations <= n) {
      require_as_ever(operation, done);
      return failures;
    }
    ++failures.allocations;
    if (!done) {
      const Error error = done.error();
      CAPTURE(describe(error));
      CHECK((error == Error::no_memory || error == Error::crypto_failed ||
             error == operation.refuses));
      ++failures.errors;
    }
    require_as_ever(operation, checked(operation));
  }
}

// libcrypto's list of errors, of 16, keeps the memory of a text for the next one in its place.
void give_every_error_a_text() {
  for (int i = 0; i < ERR_NUM_ERRORS; ++i) ERR_raise_data(ERR_LIB_USER, 1, "a text");
  ERR_clear_error();
}

TEST_CASE("An allocation that fails, libcrypto's or ours, is an error of the operation") {
  REQUIRE(heap_is_watched());
  give_every_error_a_text();
  Random random;
  Failures all;
  for (const SealOperation& operation : seal_operations(random)) {
    CAPTURE(operation.name);
    (void)checked(operation);  // before, so that there is what stays
    const Failures failures = fail_each_allocation(operation);
    std::printf("heap: %-40s %3zu allocations, %3zu errors\n", operation.name.c_str(),
                failures.allocations, failures.errors);
    all.allocations += failures.allocations;
    all.errors += failures.errors;
  }
  REQUIRE(all.errors > 500);
}

TEST_CASE("Without randomness there is no key, no ciphertext and no message") {
  const auto key = xwing::DecapsulationKey::generate();
  const auto& ek = key->encapsulation_key();
  const auto half = DecapsulationKey::generate();
  no_randomness = true;
  const auto made = xwing::DecapsulationKey::generate();
  const auto tested = xwing::DecapsulationKey::from_seed(Bytes(32), PairwiseTest::run);
  const auto sent = ek.encapsulate();
  const auto sender = hpke::setup_sender<XWing>(ek, {});
  const auto plain_sender = hpke::setup_sender<MlKem768>(half->encapsulation_key(), {});
  const auto sealed = seal_for(ek, Bytes(9), {}, {});
  const auto plain_sealed = seal_for(half->encapsulation_key(), Bytes(9), {}, {});
  no_randomness = false;
  require_error(made, Error::no_entropy);
  require_error(tested, Error::no_entropy);
  require_error(sent, Error::no_entropy);
  require_error(sender, Error::no_entropy);
  require_error(plain_sender, Error::no_entropy);
  require_error(sealed, Error::no_entropy);
  require_error(plain_sealed, Error::no_entropy);
}

}  // namespace
}  // namespace latchkey::test
