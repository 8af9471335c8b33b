// What the library makes of getrandom's answers. entropy_faults.py tries the same with real system
// calls; here the bytes themselves are known too.
//
// The linker sends the library's calls of getrandom here (see meson.build).

#include <errno.h>
#include <sys/types.h>

#include <algorithm>

#include "api/support.hpp"
#include "latchkey/incremental.hpp"
#include "memory/entropy.hpp"

namespace {

// Answers of getrandom, one a call: a positive one gives so many bytes, a negative one is an error.
// After the last, calls give all they are asked for.
struct Script {
  static inline Script* current = nullptr;

  explicit Script(std::vector<int> planned = {}) : answers(std::move(planned)) { current = this; }
  ~Script() { current = nullptr; }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  std::vector<int> answers;
  std::size_t calls = 0;
  std::vector<std::uint8_t> given;  // 1, 2, 3, ...
};

}  // namespace

extern "C" {

ssize_t __real_getrandom(void* to, std::size_t size, unsigned flags);

ssize_t __wrap_getrandom(void* to, std::size_t size, unsigned flags) {
  Script* script = Script::current;
  if (script == nullptr) return __real_getrandom(to, size, flags);
  const std::size_t call = script->calls++;
  const int answer = call < script->answers.size() ? script->answers[call] : static_cast<int>(size);
  if (answer < 0) {
    errno = -answer;
    return -1;
  }
  auto* bytes = static_cast<std::uint8_t*>(to);
  for (int i = 0; i < answer; ++i) {
    bytes[i] = static_cast<std::uint8_t>(script->given.size() + 1);
    script->given.push_back(bytes[i]);
  }
  return answer;
}

}  // extern "C"

namespace latchkey::test {
namespace {

TEST_CASE("generate takes d || z from getrandom, encapsulate takes m, and nothing else") {
  Random random;
  const KeyMaterial alice(random);
  const auto& ek = alice.key.encapsulation_key();
  {
    Script script;
    const auto key = DecapsulationKey::generate();
    REQUIRE(key.has_value());
    std::array<std::uint8_t, kSeedSize> seed;
    REQUIRE(key->export_seed(seed).has_value());
    REQUIRE(copy_of(seed) == script.given);
  }
  Script script;
  const auto sent = ek.encapsulate();
  REQUIRE(sent.has_value());
  REQUIRE(script.given.size() == 32);
  const auto again = derand::encapsulate(ek, View(script.given).first<32>());
  REQUIRE(again.has_value());
  REQUIRE(again->ciphertext == sent->ciphertext);
  REQUIRE(copy_of(again->secret) == copy_of(sent->secret));
}

TEST_CASE("An incremental encapsulation takes m from getrandom when it begins, and nothing else") {
  Random random;
  const KeyMaterial alice(random);
  const auto parts = parts_of(alice.key.encapsulation_key()).value();
  {
    Script script({-EIO});
    require_error(IncrementalEncapsulation::begin(parts.header), Error::no_entropy);
  }
  Script script;
  auto begun = IncrementalEncapsulation::begin(parts.header);
  REQUIRE(begun.has_value());
  const auto end = begun->state.finish(parts.t_hat);
  REQUIRE(end.has_value());
  REQUIRE(script.given.size() == 32);
  const View m(script.given);
  const auto whole = derand::encapsulate(alice.key.encapsulation_key(), m.first<32>());
  REQUIRE(whole.has_value());
  REQUIRE(copy_of(whole->secret) == copy_of(end->secret));
}

TEST_CASE("Interrupted and short answers of getrandom are continued to the last byte") {
  for (const auto& answers : std::vector<std::vector<int>>{{-EINTR},
                                                           {-EINTR, -EINTR, -EINTR},
                                                           {5},
                                                           {1, 1, 1, 1},
                                                           {63, -EINTR, 1},
                                                           {-EINTR, 32, -EINTR, 31}}) {
    Script script(answers);
    const auto key = DecapsulationKey::generate();
    REQUIRE(key.has_value());
    std::array<std::uint8_t, kSeedSize> seed;
    REQUIRE(key->export_seed(seed).has_value());
    REQUIRE(copy_of(seed) == script.given);
  }
}

TEST_CASE("Any other answer of getrandom is an error, and what came before it is wiped") {
  Random random;
  const KeyMaterial alice(random);
  for (const auto& answers : std::vector<std::vector<int>>{
           {-EAGAIN}, {-EIO}, {-EFAULT}, {0}, {5, -EIO}, {63, 0}, {8, -EINTR, 8, -EAGAIN}}) {
    // A call that gives nothing sets no errno: whatever an earlier call left there is not its own.
    errno = ENOSYS;
    {
      Script script(answers);
      require_error(DecapsulationKey::generate(PairwiseTest::run), Error::no_entropy);
      REQUIRE(script.calls == answers.size());
    }
    std::array<std::uint8_t, 64> buffer;
    buffer.fill(0xaa);
    Script script(answers);
    REQUIRE_FALSE(memory::random_bytes(buffer));
    REQUIRE(std::count(buffer.begin(), buffer.end(), 0) == 64);
  }
  Script script({-EAGAIN});
  require_error(alice.key.encapsulation_key().encapsulate(), Error::no_entropy);
}

TEST_CASE("The pairwise test of a given seed or key needs randomness too, and says so") {
  Random random;
  const KeyMaterial alice(random);
  {
    Script script({-EIO});
    require_error(DecapsulationKey::from_seed(alice.seed, PairwiseTest::run), Error::no_entropy);
  }
  {
    Script script({-EIO});
    require_error(DecapsulationKey::import_expanded(alice.expanded), Error::no_entropy);
  }
  Script script({-EIO});
  REQUIRE(DecapsulationKey::from_seed(alice.seed).has_value());
  REQUIRE(DecapsulationKey::import_expanded(alice.expanded, ExpandedKeyCheck::hash_only));
  REQUIRE(script.calls == 0);
}

}  // namespace
}  // namespace latchkey::test
