// The public functions leave no secret on the stack, and those that hand none over leave none in a
// register. What they return lies off the stack here; where a caller puts it is the caller's
// affair.

#include "api/access.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/latchkey.h"
#include "mlkem/backends.hpp"
#include "scrub/interrupted.hpp"
#include "scrub/place.hpp"
#include "scrub/private_stack.hpp"
#include "scrub/secrets.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"

namespace latchkey::test {
namespace {

// Inputs and outputs, all off the stack.
template <MlKem set>
struct World {
  std::array<std::uint8_t, kSeedSize> seed, exported;
  std::array<std::uint8_t, 32> m;
  std::array<std::uint8_t, sizes_of(set).decapsulation_key> expanded;
  MlKemCiphertext<set> sent, changed;
  mlkem::PublicKey<kParameters<set>> pub;
  mlkem::SecretKey<kParameters<set>> sec;
  Place<MlKemDecapsulationKey<set>> key, made;
  Place<MlKemEncapsulation<set>> encapsulation;
  Place<MlKemEncapsulationStart<set>> start;
  Place<MlKemEncapsulationEnd<set>> end;
  Place<SharedSecret> secret;
};

template <MlKem set>
std::unique_ptr<World<set>> make_world(const mlkem::KemTable<kParameters<set>>& ops,
                                       Random& random) {
  auto world = std::make_unique<World<set>>();
  World<set>& w = *world;
  random.fill(w.seed);
  random.fill(w.m);
  const std::span seed(w.seed);
  ops.keygen(w.pub, w.sec, seed.template first<32>(), seed.template last<32>());
  ops.encode_dk(w.expanded, w.pub, w.sec);
  w.key.make([&] { return MlKemDecapsulationKey<set>::from_seed(w.seed); });
  w.encapsulation.make([&] { return derand::encapsulate((*w.key).encapsulation_key(), w.m); });
  w.sent = w.changed = (*w.encapsulation).ciphertext;
  w.changed[random.between<std::size_t>(0, w.changed.size() - 1)] ^= 1;
  return world;
}

TEMPLATE_TEST_CASE_SIG("No public function leaves a secret on the stack", "", ((MlKem set), set),
                       MlKem::k512, MlKem::k768, MlKem::k1024) {
  LATCHKEY_EACH_BACKEND(backend);
  REQUIRE(dispatch::use(backend.hash->name));
  Random random;
  const auto world = make_world<set>(kem_of<kParameters<set>>(backend), random);
  World<set>& w = *world;
  Secrets<kParameters<set>> secrets(backend);
  secrets.add_keygen(w.pub, View(w.seed).first(32), View(w.seed).last(32));
  secrets.add_decaps(w.pub, w.sec, w.sent);
  secrets.add_decaps(w.pub, w.sec, w.changed);
  const Finder finder(secrets.all());

  PrivateStack stack;
  const auto check = [&](const char* name, auto f) {
    CAPTURE(name);
    stack.run(f);
    CHECK(describe(finder.find(stack.bytes())) == "nothing");
    CHECK(describe(finder.find(stack.register_bytes())) == "nothing");
  };
  // A signal at each instruction, too: for what is not an operation of the backend.
  const auto check_under_signals = [&](const char* name, auto f) {
    check(name, f);
    CAPTURE(name);
    const auto run = [&](auto& interrupted) {
      stack.run(interrupted);
      CHECK(describe(finder.find(stack.bytes())) == "nothing");
    };
    interrupt_in_many_places(f, run,
                             [&](std::size_t n) { return random.between<std::size_t>(0, n - 1); });
  };
  check("from_seed",
        [&] { w.made.make([&] { return MlKemDecapsulationKey<set>::from_seed(w.seed); }); });
  check("import_expanded", [&] {
    w.made.make([&] {
      return MlKemDecapsulationKey<set>::import_expanded(w.expanded, ExpandedKeyCheck::hash_only);
    });
  });
  check_under_signals("export_expanded",
                      [&] { expect((*w.key).export_expanded(w.expanded).has_value()); });
  check("derand::encapsulate", [&] {
    w.encapsulation.make([&] { return derand::encapsulate((*w.key).encapsulation_key(), w.m); });
  });
  const auto parts = parts_of((*w.key).encapsulation_key());
  check("derand::begin_encapsulation", [&] {
    w.start.make([&] { return derand::begin_encapsulation<set>(parts->header, w.m); });
  });
  check_under_signals("early_secret",
                      [&] { w.secret.make([&] { return (*w.start).state.early_secret(); }); });
  check("finish, refused", [&] {
    const auto refused = (*w.start).state.finish(std::span(w.expanded).first(parts->t_hat.size()));
    expect(!refused && refused.error() == Error::key_part_mismatch);
  });
  check("finish", [&] { w.end.make([&] { return (*w.start).state.finish(parts->t_hat); }); });
  check("decapsulate", [&] { w.secret.make([&] { return (*w.key).decapsulate(w.sent); }); });
  check("decapsulate, rejected",
        [&] { w.secret.make([&] { return (*w.key).decapsulate(w.changed); }); });
  check("decapsulate_with_expanded_key", [&] {
    w.secret.make([&] { return decapsulate_with_expanded_key<set>(w.expanded, w.sent); });
  });
  check_under_signals("export_seed", [&] { expect((*w.key).export_seed(w.exported).has_value()); });
  check("from_seed, with the test", [&] {
    w.made.make([&] { return MlKemDecapsulationKey<set>::from_seed(w.seed, PairwiseTest::run); });
  });

  if constexpr (set != MlKem::k768) return;
  latchkey_private_key* key = nullptr;
  latchkey_secret *one = nullptr, *other = nullptr;
  REQUIRE(latchkey_private_key_from_seed(LATCHKEY_KEM_MLKEM768, w.seed.data(), w.seed.size(), 0,
                                         &key) == LATCHKEY_OK);
  for (latchkey_secret** to : {&one, &other}) {
    check("latchkey_mlkem768_decapsulate", [&] {
      expect(latchkey_decapsulate(key, w.sent.data(), w.sent.size(), to) == LATCHKEY_OK);
    });
  }
  check_under_signals("latchkey_secret_copy", [&] {
    expect(latchkey_secret_copy(one, w.m.data(), w.m.size()) == LATCHKEY_OK);
  });
  check_under_signals("LockedBuffer", [&] {
    const auto buffer = LockedBuffer::copy_of(w.seed);
    expect(buffer.has_value() && buffer->equals(w.exported).has_value());
  });
  check_under_signals("latchkey_secret_equal", [&] {
    int equal = 0;
    expect(latchkey_secret_equal(one, other, &equal) == LATCHKEY_OK && equal == 1);
  });
  latchkey_secret_free(one);
  latchkey_secret_free(other);
  latchkey_private_key_free(key);
}

}  // namespace
}  // namespace latchkey::test
