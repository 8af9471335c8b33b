// The library's heap, which has the public half of a key: what it gives back is wiped, and what it
// does not get is an error. The secret half is not there (tests/memory).
//
// The linker sends the library's calls of aligned_alloc and free here (see meson.build).

#include "api/support.hpp"
#include "latchkey/incremental.hpp"
#include "latchkey/latchkey_mlkem_bytes.h"
#include "latchkey/xwing.hpp"
#include "support/heap_watch.hpp"

extern "C" {

void* __real_aligned_alloc(std::size_t alignment, std::size_t size);

void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  return latchkey::test::HeapWatch::allocate(size,
                                             [=] { return __real_aligned_alloc(alignment, size); });
}

}  // extern "C"

namespace latchkey::test {
namespace {

// Runs f, which leaves no object behind, and checks that it leaves no memory behind either, and no
// trace of its keys in what it gave back.
template <class F>
void require_clean(std::size_t blocks, F f) {
  f();  // once before: locked memory is there when the watch begins
  HeapWatch watch;
  f();
  const bool empty = watch.alive.empty();
  const std::size_t granted = watch.granted.size();
  const int dirty = watch.released_dirty;
  CHECK(granted == blocks);
  CHECK(empty);
  CHECK(dirty == 0);
}

TEST_CASE("Keys are wiped before their memory goes back") {
  Random random;
  KeyMaterial alice(random), bob(random);
  require_clean(1, [] { REQUIRE(DecapsulationKey::generate().has_value()); });
  require_clean(1, [&] { REQUIRE(DecapsulationKey::from_seed(alice.seed).has_value()); });
  require_clean(1, [&] { REQUIRE(DecapsulationKey::import_expanded(alice.expanded).has_value()); });
  require_clean(1, [&] { REQUIRE(EncapsulationKey::parse(alice.ek).has_value()); });
  require_clean(1, [&] { REQUIRE(alice.key.encapsulation_key().clone().has_value()); });
  require_clean(2, [&] {
    auto first = DecapsulationKey::from_seed(alice.seed);
    auto second = DecapsulationKey::from_seed(bob.seed);
    REQUIRE(first.has_value());
    *first = std::move(*second);
  });
}

TEST_CASE("ML-KEM from bytes to bytes takes nothing from the heap") {
  std::array<std::uint8_t, kEncapsulationKeySize> pk;
  std::array<std::uint8_t, kDecapsulationKeySize> sk;
  std::array<std::uint8_t, kCiphertextSize> ct;
  std::array<std::uint8_t, kSharedSecretSize> ours, theirs;
  require_clean(0, [&] { REQUIRE(latchkey_mlkem768_keypair(pk.data(), sk.data()) == 0); });
  require_clean(
      0, [&] { REQUIRE(latchkey_mlkem768_encapsulate(ct.data(), ours.data(), pk.data()) == 0); });
  require_clean(
      0, [&] { REQUIRE(latchkey_mlkem768_decapsulate(theirs.data(), ct.data(), sk.data()) == 0); });
  REQUIRE(ours == theirs);
}

TEST_CASE("A key is wiped and released when another is assigned to it, not later") {
  Random random;
  HeapWatch watch;
  auto target = DecapsulationKey::from_seed(random.vector(kSeedSize));
  auto source = DecapsulationKey::from_seed(random.vector(kSeedSize));
  REQUIRE(watch.alive.size() == 2);
  *target = std::move(*source);
  REQUIRE(watch.alive.size() == 1);
  REQUIRE(watch.released_dirty == 0);
}

TEST_CASE("A key that fails a check is wiped and released") {
  Random random;
  const KeyMaterial alice(random), mallory(random);
  Bytes not_reduced = alice.expanded, unreduced_s = alice.expanded, wrong_hash = alice.expanded,
        forged = alice.expanded;
  set_coefficient(std::span(not_reduced).subspan(kEkOffset), 0, kQ);
  set_coefficient(unreduced_s, 0, kQ);
  wrong_hash[kHashOffset] ^= 1;
  std::copy_n(mallory.expanded.begin(), kEkOffset, forged.begin());
  const auto import = [](const Bytes& bytes, Error expected) {
    require_clean(1, [&] { require_error(DecapsulationKey::import_expanded(bytes), expected); });
  };
  import(not_reduced, Error::not_reduced);
  import(unreduced_s, Error::not_reduced);
  import(wrong_hash, Error::hash_mismatch);
  import(forged, Error::inconsistent_key);
  require_clean(1, [&] {
    const View ek = View(not_reduced).subspan(kEkOffset, kEncapsulationKeySize);
    require_error(EncapsulationKey::parse(ek), Error::not_reduced);
  });
}

TEST_CASE("Operations on keys that are there need no heap") {
  Random random;
  const KeyMaterial alice(random);
  require_clean(0, [&] {
    const auto sent = alice.key.encapsulation_key().encapsulate();
    REQUIRE(sent.has_value());
    REQUIRE(alice.key.decapsulate(sent->ciphertext).has_value());
    REQUIRE(decapsulate_with_expanded_key(alice.expanded, sent->ciphertext).has_value());
    const auto parts = parts_of(alice.key.encapsulation_key());
    auto begun = IncrementalEncapsulation::begin(parts->header);
    REQUIRE(begun.has_value());
    REQUIRE(begun->state.finish(parts->t_hat).has_value());
  });
}

// Lets f have 0, 1, ... blocks until it succeeds with `needed`.
template <class F>
void starve(std::size_t needed, F f) {
  REQUIRE(f().has_value());  // before, so that the arena need not grow
  for (std::size_t allowed = 0; allowed <= needed; ++allowed) {
    CAPTURE(allowed);
    HeapWatch watch;
    watch.allowed = allowed;
    {
      const auto result = f();
      if (allowed == needed) {
        REQUIRE(result.has_value());
      } else {
        require_error(result, Error::no_memory);
      }
    }
    REQUIRE(watch.alive.empty());
  }
}

TEST_CASE("Without memory every function that makes a key says so, and leaks nothing") {
  Random random;
  const KeyMaterial alice(random);
  const auto d = random.bytes<32>(), z = random.bytes<32>();
  starve(1, [] { return DecapsulationKey::generate(PairwiseTest::run); });
  starve(1, [&] { return DecapsulationKey::from_seed(alice.seed); });
  starve(1, [&] { return DecapsulationKey::import_expanded(alice.expanded); });
  starve(1, [&] { return derand::keygen(d, z); });
  starve(1, [&] { return EncapsulationKey::parse(alice.ek); });
  starve(1, [&] { return alice.key.encapsulation_key().clone(); });
  starve(22, [] { return self_test<MlKem::k512>(); });
  starve(69, [] { return self_test(); });
}

TEST_CASE("Without memory every function that makes a key of X-Wing says so, and leaks nothing") {
  Random random;
  const Bytes seed = random.vector(xwing::kSeedSize);
  const auto key = xwing::DecapsulationKey::from_seed(seed).value();
  const Bytes pub = copy_of(key.encapsulation_key().bytes());
  starve(3, [&] { return xwing::DecapsulationKey::from_seed(seed); });
  starve(2, [&] { return xwing::EncapsulationKey::parse(pub); });
  starve(2, [&] { return key.encapsulation_key().clone(); });
}

}  // namespace
}  // namespace latchkey::test
