// How much stack each operation needs. A thread of a device or of a musl program may have little.

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <utility>

#include "api/small_stack.hpp"
#include "api/support.hpp"
#include "base/stack.hpp"
#include "latchkey/batch.hpp"
#include "latchkey/incremental.hpp"
#include "latchkey/tls.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

struct Operation {
  const char* name;
  std::function<bool()> run;  // true on success
};

// Everything public, on keys that are there already.
class Operations {
 public:
  explicit Operations(Random& random) : alice_(random), m_(random.bytes<32>()) {
    sent_ = derand::encapsulate(ek(), m_).value();
    if (!generate_batch(keys_)) throw std::runtime_error("no keys");
    for (std::size_t i = 0; i < kBatch; ++i) {
      secret_keys_[i] = &keys_[i];
      public_keys_[i] = &keys_[i].encapsulation_key();
      xwing_secret_keys_[i] = &xwing_key_;
      xwing_public_keys_[i] = &xwing_key_.encapsulation_key();
      xwing_ciphertexts_[i] = xwing_sent_.ciphertext;
    }
  }

  std::vector<Operation> all() {
    return {
        {"generate", [] { return DecapsulationKey::generate().has_value(); }},
        {"generate, with the test",
         [] { return DecapsulationKey::generate(PairwiseTest::run).has_value(); }},
        {"from_seed", [&] { return DecapsulationKey::from_seed(alice_.seed).has_value(); }},
        {"import_expanded",
         [&] { return DecapsulationKey::import_expanded(alice_.expanded).has_value(); }},
        {"parse", [&] { return EncapsulationKey::parse(alice_.ek).has_value(); }},
        {"clone", [&] { return ek().clone().has_value(); }},
        {"encapsulate", [&] { return ek().encapsulate().has_value(); }},
        {"derand::encapsulate", [&] { return derand::encapsulate(ek(), m_).has_value(); }},
        {"decapsulate", [&] { return alice_.key.decapsulate(sent_.ciphertext).has_value(); }},
        {"decapsulate_with_expanded_key",
         [&] {
           return decapsulate_with_expanded_key(alice_.expanded, sent_.ciphertext).has_value();
         }},
        {"begin", [&] { return IncrementalEncapsulation::begin(parts_.header).has_value(); }},
        {"finish",
         [&] {
           begun_ = derand::begin_encapsulation(parts_.header, m_).value();
           return begun_.state.early_secret() && begun_.state.finish(parts_.t_hat);
         }},
        {"export_seed", [&] { return alice_.key.export_seed(seed_).has_value(); }},
        {"export_expanded", [&] { return alice_.key.export_expanded(expanded_).has_value(); }},
        {"generate_batch", [&] { return generate_batch(made_).has_value(); }},
        {"encapsulate_batch",
         [&] { return encapsulate_batch(public_keys_, results_).has_value(); }},
        {"decapsulate_batch",
         [&] { return decapsulate_batch(secret_keys_, ciphertexts_, secrets_).has_value(); }},
        {"X-Wing: generate", [] { return xwing::DecapsulationKey::generate().has_value(); }},
        {"X-Wing: encapsulate",
         [&] { return xwing_key_.encapsulation_key().encapsulate().has_value(); }},
        {"X-Wing: decapsulate",
         [&] { return xwing_key_.decapsulate(xwing_sent_.ciphertext).has_value(); }},
        {"X-Wing: encapsulate_batch",
         [&] { return xwing::encapsulate_batch(xwing_public_keys_, xwing_results_).has_value(); }},
        {"X-Wing: decapsulate_batch",
         [&] {
           return xwing::decapsulate_batch(xwing_secret_keys_, xwing_ciphertexts_, secrets_)
               .has_value();
         }},
        {"TLS", [] { return exchange<tls::Group::x25519_mlkem768>(); }},
        {"TLS, MLKEM1024", [] { return exchange<tls::Group::mlkem1024>(); }},
        {"self_test", [] { return self_test().has_value(); }},
        {"LockedBuffer", [&] { return use_buffers(); }},
        {"purge",
         [] {
           purge();
           return true;
         }},  // the last: it takes the secrets of all others
    };
  }

 private:
  static constexpr std::size_t kBatch = 23;  // more than share their random bytes, and a rest

  template <tls::Group group>
  static bool exchange() {
    auto client = tls::ClientShareOf<group>::generate();
    const auto server = tls::answer<group>(client->bytes());
    return std::move(*client).secret(server->share).has_value();
  }

  [[nodiscard]] const EncapsulationKey& ek() const { return alice_.key.encapsulation_key(); }
  static bool use_buffers() {
    auto buffer = LockedBuffer::random(10'000);
    auto parcel = LockedBuffer::inheritable(10'000);
    return buffer && buffer->freeze() && buffer->thaw() && buffer->wipe() && parcel &&
           parcel->adopt() && buffer->equals(*parcel);
  }

  KeyMaterial alice_;
  std::array<std::uint8_t, 32> m_;
  Encapsulation sent_;
  MlKemKeyParts<MlKem::k768> parts_ = parts_of(ek()).value();
  MlKemEncapsulationStart<MlKem::k768> begun_;
  std::array<std::uint8_t, kSeedSize> seed_;
  std::array<std::uint8_t, kDecapsulationKeySize> expanded_;
  std::array<DecapsulationKey, kBatch> keys_, made_;
  std::array<const DecapsulationKey*, kBatch> secret_keys_;
  std::array<const EncapsulationKey*, kBatch> public_keys_;
  std::array<Ciphertext, kBatch> ciphertexts_{};
  std::array<Encapsulation, kBatch> results_;
  std::array<SharedSecret, kBatch> secrets_;
  xwing::DecapsulationKey xwing_key_ = xwing::DecapsulationKey::generate().value();
  xwing::Encapsulation xwing_sent_ = xwing_key_.encapsulation_key().encapsulate().value();
  std::array<const xwing::DecapsulationKey*, kBatch> xwing_secret_keys_;
  std::array<const xwing::EncapsulationKey*, kBatch> xwing_public_keys_;
  std::array<xwing::Ciphertext, kBatch> xwing_ciphertexts_{};
  std::array<xwing::Encapsulation, kBatch> xwing_results_;
};

// Writes so many bytes of its stack.
template <std::size_t Size>
[[gnu::noinline]] void use_stack() {
  volatile std::uint8_t frame[Size];
  for (auto& byte : frame) byte = 1;
}

#ifndef LATCHKEY_SANITIZED
TEST_CASE("The measurement sees what a function writes to its stack") {
  auto nothing = [] {};
  auto something = [] { use_stack<20'000>(); };
  const std::size_t used = stack_used(something) - stack_used(nothing);
  REQUIRE(used > 19'000);  // an idle thread is not quite idle
  REQUIRE(used < 21'000);
}

TEST_CASE("A thread that uses more than its stack does not live to see it") {
  const auto status_after = [](auto f) {
    const pid_t child = fork();
    if (child == 0) {
      signal(SIGSEGV, SIG_DFL);  // the framework's handler would report it
      const rlimit no_core = {0, 0};
      setrlimit(RLIMIT_CORE, &no_core);
      Stack().run(f);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  };
  auto less = [] { use_stack<kStackSize * 3 / 4>(); };
  auto more = [] { use_stack<kStackSize * 5 / 4>(); };
  REQUIRE(status_after(less) == 0);
  const int status = status_after(more);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGSEGV);
}
#endif

// With the backend in force: the suite runs once for each.
TEST_CASE("Optimised, every operation works on a thread with 64 KiB of stack") {
#ifdef LATCHKEY_SANITIZED
  WARN("not measured: a sanitizer has stack frames of its own");
#else
  Random random;
  Operations operations(random);
  auto nothing = [] {};
  const std::size_t idle = stack_used(nothing);
  for (const Operation& operation : operations.all()) {
    bool good = false;
    auto run = [&] { good = operation.run(); };
    run();  // before, so that the dynamic linker has bound what it calls
    const std::size_t used = stack_used(run) - idle;
    std::printf("stack: %-8s %-30s %6zu bytes, and %zu of the thread\n", backend_name(),
                operation.name, used, idle);
    CAPTURE(operation.name, used);
    CHECK(good);
#if defined(__OPTIMIZE__) && !defined(LATCHKEY_UNOPTIMISED)
    // The self-test decapsulates with an expanded key of ML-KEM-1024, which takes the most.
    const std::size_t most = operation.name == std::string_view("self_test") ? 44 : 32;
    CHECK(used < most * 1024 + base::signal_depth());
#endif
  }
#endif
}

}  // namespace
}  // namespace latchkey::test
