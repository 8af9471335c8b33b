// The self-test fails if any function of X25519's table is wrong in one bit of any of its outputs,
// or if run_jobs() mixes up its jobs. One fault at a time.

#include <algorithm>
#include <utility>

#include "api/support.hpp"
#include "support/injected_form.hpp"

namespace latchkey::test {
namespace {

using x25519::In;
using x25519::Job;
using x25519::kBatch;
using x25519::kSize;
using x25519::Out;

// The fault that is injected now. Functions of a table have no other way to learn of it.
struct Fault {
  std::size_t bit = 0;
  std::size_t jobs = 0, job = 0;  // of run_jobs() with so many jobs, in this one
  bool was_reached = false;
};
Fault fault;

void flip(std::uint8_t* output) {
  output[fault.bit / 8] ^= static_cast<std::uint8_t>(1 << fault.bit % 8);
  fault.was_reached = true;
}

struct WrongFunction {
  const char* name;
  void (*inject)(x25519::Table&);
};

constexpr WrongFunction kSingle[] = {
    {"public_key",
     [](x25519::Table& form) {
       form.public_key = [](Out<kSize> pub, In<kSize> secret) noexcept {
         right_form().public_key(pub, secret);
         flip(pub.data());
       };
     }},
    {"shared_secret",
     [](x25519::Table& form) {
       form.shared_secret = [](Out<kSize> shared, In<kSize> secret, In<kSize> peer) noexcept {
         right_form().shared_secret(shared, secret, peer);
         flip(shared.data());
       };
     }},
    {"public_and_shared, pub",
     [](x25519::Table& form) {
       form.public_and_shared = [](Out<kSize> pub, Out<kSize> shared, In<kSize> secret,
                                   In<kSize> peer) noexcept {
         right_form().public_and_shared(pub, shared, secret, peer);
         flip(pub.data());
       };
     }},
    {"public_and_shared, shared",
     [](x25519::Table& form) {
       form.public_and_shared = [](Out<kSize> pub, Out<kSize> shared, In<kSize> secret,
                                   In<kSize> peer) noexcept {
         right_form().public_and_shared(pub, shared, secret, peer);
         flip(shared.data());
       };
     }},
};

constexpr WrongFunction kShared = {"run_jobs, shared", [](x25519::Table& form) {
                                     form.run_jobs = [](const Job* jobs, std::size_t n) noexcept {
                                       right_form().run_jobs(jobs, n);
                                       if (n == fault.jobs) flip(jobs[fault.job].shared);
                                     };
                                   }};
constexpr WrongFunction kPub = {"run_jobs, pub", [](x25519::Table& form) {
                                  form.run_jobs = [](const Job* jobs, std::size_t n) noexcept {
                                    right_form().run_jobs(jobs, n);
                                    if (n == fault.jobs && jobs[fault.job].pub != nullptr)
                                      flip(jobs[fault.job].pub);
                                  };
                                }};

// Whether there is such an output in the self-test. Requires that it fails then.
bool is_noticed(const WrongFunction& function, std::size_t bit, std::size_t jobs = 0,
                std::size_t job = 0) {
  fault = {bit, jobs, job, false};
  CAPTURE(function.name, bit, jobs, job);
  InjectedForm injected;
  function.inject(injected.form);
  const auto result = self_test();
  if (fault.was_reached) require_error(result, Error::self_test_failed);
  if (!fault.was_reached) REQUIRE(result.has_value());  // the way of injecting is no fault
  return fault.was_reached;
}

TEST_CASE("The self-test notices a wrong bit in each output of each function of X25519") {
  Random random;
  for (const std::size_t bit :
       {std::size_t{0}, std::size_t{255}, random.between<std::size_t>(1, 254)}) {
    for (const WrongFunction& function : kSingle) REQUIRE(is_noticed(function, bit));
    for (std::size_t job = 0; job < kBatch; ++job) {
      bool has_pub = false;
      for (std::size_t jobs = job + 1; jobs <= kBatch; ++jobs) {
        REQUIRE(is_noticed(kShared, bit, jobs, job));
        has_pub = is_noticed(kPub, bit, jobs, job) || has_pub;
      }
      REQUIRE(has_pub);
    }
  }
}

// Of run_jobs(), in one of the jobs.
TEST_CASE("The self-test notices each wrong bit of each function of X25519", "[.][soak]") {
  for (std::size_t bit = 0; bit < 8 * kSize; ++bit) {
    for (const WrongFunction& function : kSingle) REQUIRE(is_noticed(function, bit));
    for (std::size_t jobs = 1; jobs <= kBatch; ++jobs) {
      REQUIRE(is_noticed(kShared, bit, jobs, bit % jobs));
      is_noticed(kPub, bit, jobs, bit % jobs);
    }
  }
}

using Change = void (*)(const Job* jobs, std::size_t n);
Change change_results;

void require_wrong_jobs_noticed(Change change) {
  change_results = change;
  InjectedForm injected;
  injected.form.run_jobs = [](const Job* jobs, std::size_t n) noexcept {
    right_form().run_jobs(jobs, n);
    change_results(jobs, n);
  };
  require_error(self_test(), Error::self_test_failed);
}

TEST_CASE("The self-test notices jobs of X25519 that are exchanged") {
  require_wrong_jobs_noticed([](const Job* jobs, std::size_t n) {
    if (n > 1) std::swap_ranges(jobs[0].shared, jobs[0].shared + kSize, jobs[n - 1].shared);
  });
  require_wrong_jobs_noticed([](const Job* jobs, std::size_t n) {
    if (n > 2 && jobs[0].pub != nullptr) {
      std::swap_ranges(jobs[0].pub, jobs[0].pub + kSize, jobs[2].pub);
    }
  });
}

TEST_CASE("The self-test notices a job of X25519 that is done with another's peer") {
  InjectedForm injected;
  injected.form.run_jobs = [](const Job* jobs, std::size_t n) noexcept {
    std::vector<Job> changed(jobs, jobs + n);
    if (n > 1) std::swap(changed[0].peer, changed[n - 1].peer);
    right_form().run_jobs(changed.data(), n);
  };
  require_error(self_test(), Error::self_test_failed);
}

}  // namespace
}  // namespace latchkey::test
